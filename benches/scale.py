"""How the time grows with a closure: with its bytes, and with its paths. The closures are made up: each path has one file
of its share of the bytes, of which gzip leaves a third. It refers to two others, and the app to all that no other refers to."""

import base64
import hashlib
import os
import random
import shutil
import statistics
import sys
import time
from pathlib import Path

import bounds
from beside import run

# Megabytes at a hundred paths, and paths at 50 MB.
BY_BYTES = [(size, 100) for size in (10, 30, 100, 300, 1000, 2300)]
BY_PATHS = [(50, count) for count in (10, 50, 200, 500, 1000, 2000, 5000)]
STORE = Path("/nix/store")
PROGRAMS = ("app", "env", "sh")


def store_path(name):
    """A place in the store that only this name has."""
    letters = base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()[:32]
    ours = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdfghijklmnpqrsvwxyz")
    return STORE / f"{letters.translate(ours)}-{name}"


def bytes_of(size, chance):
    """A third of it is chance, the rest a line over and over."""
    block = chance.randbytes(1 << 12) + b"what is told again and again\n" * 283
    return (chance.randbytes(64) + block * (size // len(block) + 1))[:size] if size < 1 << 20 else blocks(size, chance)


def blocks(size, chance):
    """The same for what is large, with new chance in each block."""
    told = b"what is told again and again\n" * (1 << 12)
    parts = []
    while size > 0:
        part = (chance.randbytes(len(told) // 2) + told)[:size]
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def make(path, size, used, chance):
    """One store path. As Nix would have it: read-only, and of the first second of 1970."""
    (path / "share").mkdir(parents=True)
    (path / "share/data").write_bytes(bytes_of(size, chance))
    (path / "share/used").write_text("".join(f"{other}\n" for other in used))
    (path / "bin").symlink_to("share")
    # Nothing is started here, but no image is made without a shell.
    programs = ["app"] if path.name.endswith("-app") else ["env", "sh"] if not used else []
    if programs:
        (path / "bin").unlink()
        (path / "bin").mkdir()
        for program in programs:
            (path / "bin" / program).write_text("#!/bin/sh\nexec cat ../share/used\n")
    for folder, _, files in os.walk(path, topdown=False):
        for file in files:
            if not (Path(folder) / file).is_symlink():
                os.chmod(Path(folder) / file, 0o555 if file in PROGRAMS else 0o444)
            os.utime(Path(folder) / file, (1, 1), follow_symlinks=False)
        if (Path(folder) / "bin").is_symlink():
            os.utime(Path(folder) / "bin", (1, 1), follow_symlinks=False)
        os.chmod(folder, 0o555)
        os.utime(folder, (1, 1))


def register(references):
    """Make Nix know them: it reads and digests them itself."""
    known = "".join(f"{path}\n\n{len(used)}\n" + "".join(f"{one}\n" for one in used) for path, used in references.items())
    run("nix-store", "--register-validity", input=known)


def closure(size, count, note):
    """Two versions of an app of one MB over the same paths."""
    chance = random.Random(f"{size} {count}")
    paths = [store_path(f"{size}-mb-{count}-{number}") for number in range(count - 1)]
    references, unused = {}, set(paths)
    for number, path in enumerate(paths):
        used = sorted({paths[number // 2], paths[number // 3]} - {path})
        unused -= set(used)
        make(path, (size - 1) * 1_000_000 // len(paths), used, chance)
        references[path] = used
    apps = []
    for version in ("1", "2"):
        app = STORE / store_path(f"{size}-{count}-{version}-app").name
        make(app, 1_000_000, sorted(unused), random.Random(f"{version} of {size} {count}"))
        references[app] = sorted(unused)
        apps.append(str(app))
    register(references)
    note(f"made {size} MB, {count} paths")
    return apps, list(references)


def remove(paths):
    """Out of the way of the next: the largest are some GB."""
    for path in paths:
        shutil.rmtree(path / "share", ignore_errors=True)


def measure(contenders, rounds, deploy, busy):
    """The points of two charts, for plot.py."""

    def note(text):
        print(f"{time.strftime('%T')} bench: scale: {text}", file=sys.stderr)

    charts = []
    for what, axis, places in (("size", "closure, MB", BY_BYTES), ("paths", "store paths", BY_PATHS)):
        series = {}
        for place in limited(places):
            apps, paths = closure(*place, note)
            found = {"bound, first": bound(paths[:-1], rounds, busy)}
            for contender in contenders:
                found |= point(contender, apps, rounds, deploy)
            for name, seconds in found.items():
                series.setdefault(name, []).append([place[what == "paths"], seconds])
                note(f"{place[0]} MB, {place[1]} paths: {name}: {seconds:.3f} s")
            remove(paths)
        charts.append({"x": axis, "y": "seconds", "series": [{"name": name, "points": of} for name, of in series.items()]})
    return {"charts": charts}


def limited(places):
    """Only the small ones, to try it out."""
    most = int(os.environ.get("SCALE_MOST", "0"))
    return [place for place in places if not most or place[0] <= most and place[1] <= most]


def point(contender, apps, rounds, deploy):
    found = {"first": [], "changed": [], "unchanged": []}
    for _ in range(rounds):
        contender.begin(apps[0])
        found["first"].append(deploy(contender, apps[0])["wall"])
        found["unchanged"].append(deploy(contender, apps[0])["wall"])
        found["changed"].append(deploy(contender, apps[1])["wall"])
        contender.end()
    return {f"{contender.name}, {phase}": statistics.median(seconds) for phase, seconds in found.items()}


def bound(paths, rounds, busy):
    """What the first deploy costs at least: see bounds.py."""
    lists = bounds.parts(paths, os.cpu_count())
    found = (bounds.once(lists, busy) for _ in range(rounds))
    return statistics.median(one["pack"] + one["upload"] for one in found)
