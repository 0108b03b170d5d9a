#!/usr/bin/env python3
"""Measure images of nixdyno, of the pattern people publish and of a single stage, by turns. Run by run.sh, in the lab."""

import collections
import json
import os
import re
import shutil
import statistics
import sys
import time
from functools import partial
from pathlib import Path

from beside import BASE, FIRST, LAB, SECOND, Repository, forget, run, serve, shell, start_second_engine, stop_second_engine

BENCHES = Path(__file__).resolve().parent
# The lab's nixpkgs is not the one that the projects are locked to.
NIX_ARGS = ["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"]
PROJECTS = {
    "python-web": (BENCHES.parent / "examples/python-web", "app/app.py"),
    "large": (BENCHES / "large", "app/server.py"),
}
WORK = LAB / "bench"


# The contenders: each builds the sources in a folder with a Docker engine and gives the image's name, and the log.


def nixdyno(folder, engine):
    words = [word for arg in NIX_ARGS for word in ("--nix-arg", arg)]
    env = os.environ | {"NIXDYNO_BASE": BASE, "DOCKER_HOST": engine}
    done = run(os.environ["NIXDYNO"], "build", "--verbose", "--no-eval", "--json", *words, folder, env=env)
    return json.loads(done.stdout)["images"][0]["image"], done.stderr


def dockerfile(name, folder, engine):
    env = os.environ | {"DOCKER_BUILDKIT": "1", "DOCKER_HOST": engine}
    args = {"BASE": BASE, "ATTRIBUTE": "packages.x86_64-linux.default", "NIX_ARGS": " ".join(NIX_ARGS)}
    words = [word for key, value in args.items() for word in ("--build-arg", f"{key}={value}")]
    done = run("docker", "build", "--file", BENCHES / name, *words, "--tag", "bench-peer", folder, env=env)
    return "bench-peer", done.stderr


CONTENDERS = {
    "nixdyno": nixdyno,
    "published": partial(dockerfile, "peer.Dockerfile"),
    "single stage": partial(dockerfile, "single.Dockerfile"),
}


def timed(build, *args):
    begun = time.perf_counter()
    image, log = build(*args)
    return time.perf_counter() - begun, image, log


def inspect(image, engine=FIRST):
    return json.loads(run("docker", "--host", engine, "image", "inspect", image).stdout)[0]


def exported(image, script, *words):
    """What a script makes of the files of an image, a tar on its standard input."""
    container = run("docker", "create", image, "none").stdout.strip()
    answer = shell(f'docker export "$1" | {{ shift; {script}; }}', container, *words)
    run("docker", "rm", container)
    return answer


def store_paths(image):
    names = exported(image, "tar -t | cut -d/ -f-3 | sort -u").split()
    return {name for name in names if re.fullmatch("nix/store/[^/]+", name)}


def compressed(image, paths):
    """Bytes of some store paths as a layer's tar would have them, compressed as Docker does."""
    return int(exported(image, f'tar -xC {WORK}/paths "$@"; tar -cC {WORK}/paths "$@" | gzip -6 | wc -c', *sorted(paths)))


def steps(log):
    """Seconds of each step in BuildKit's log."""
    names = dict(re.findall(r"^ *#(\d+) (\[.*)$", log, re.M))
    took = re.findall(r"^ *#(\d+) DONE ([0-9.]+)s$", log, re.M)
    return [(float(seconds), names.get(number, "the rest")) for number, seconds in took]


def measure(project, who, number, note):
    """One round of one contender."""
    build, repository = CONTENDERS[who], Repository(f"{project}/{who.replace(' ', '-')}")
    sources, file = PROJECTS[project]
    folder = WORK / project
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sources, folder)
    forget()

    def pushed(what, *args):
        sent, new = repository.push(*args)
        note(f"{what}, kB", sent / 1e3)
        note(f"{what}: new layers, kB", new / 1e3)

    took, image, log = timed(build, folder, FIRST)
    note("first build, s", took)
    about = inspect(image)
    note("image, MB", about["Size"] / 1e6)
    note("layers", len(about["RootFS"]["Layers"]))
    pushed("first push", image)
    before = store_paths(image) if who == "nixdyno" else None
    if number == 1:
        for seconds, name in steps(log):
            if seconds >= 1:
                print(f"bench: {project}, {who}: {seconds:.1f} s: {name[:90]}", file=sys.stderr)

    with open(folder / file, "a") as text:
        text.write(f"# edited in round {number}\n")
    took, image, _ = timed(build, folder, FIRST)
    note("build after an edit, s", took)
    pushed("push after an edit", image)
    ids = {inspect(image)["Id"]}
    if before is not None:
        changed = store_paths(image) - before
        (WORK / "paths").mkdir()
        note("changed store paths", len(changed))
        note("changed store paths, kB", compressed(image, changed) / 1e3)
        shell('chmod -R u+w "$1"; rm -rf "$1"', WORK / "paths")

    run("docker", "builder", "prune", "--all", "--force")
    _, image, _ = timed(build, folder, FIRST)
    pushed("push after pruning", image)
    ids.add(inspect(image)["Id"])

    run("docker", "image", "prune", "--force")
    run("docker", "builder", "prune", "--all", "--force")
    start_second_engine()
    _, image, _ = timed(build, folder, SECOND)
    pushed("push from a second engine", image, SECOND)
    ids.add(inspect(image, SECOND)["Id"])
    stop_second_engine()
    note("image IDs of the same sources", len(ids))


ROWS = (
    "image, MB",
    "layers",
    "first build, s",
    "first push, kB",
    "build after an edit, s",
    "push after an edit, kB",
    "push after an edit: new layers, kB",
    "push after pruning, kB",
    "push after pruning: new layers, kB",
    "push from a second engine, kB",
    "push from a second engine: new layers, kB",
    "image IDs of the same sources",
)


def table(project, rounds, noted):
    """Medians, and what is sent after an edit held against what the edit has changed."""
    median = lambda who, what: statistics.median(noted[who, what])
    rows = [(what, [median(who, what) for who in CONTENDERS]) for what in ROWS]
    changed = median("nixdyno", "changed store paths, kB")
    edit = "push after an edit: new layers, kB"
    ratios = [median(who, edit) / changed for who in CONTENDERS]
    rows.insert(ROWS.index(edit) + 1, ("… to what has changed, ×", ratios))
    yield f"| {project}, medians of {rounds} | " + " | ".join(CONTENDERS) + " |"
    yield "| --- |" + " ---: |" * len(CONTENDERS)
    for what, values in rows:
        yield f"| {what} | " + " | ".join(f"{value:,.4g}" if value < 100 else f"{value:,.0f}" for value in values) + " |"
    count = median("nixdyno", "changed store paths")
    yield f"\nAn edit changes {count:.0f} store paths, compressed {changed:.1f} kB."


def main():
    WORK.mkdir()
    serve()
    shown = []
    for word in sys.argv[1:]:
        project, rounds = word.split("=")
        noted = collections.defaultdict(list)
        for number in range(1, int(rounds) + 1):
            for who in CONTENDERS:

                def note(what, value):
                    noted[who, what].append(value)
                    print(f"{time.strftime('%T')} bench: {project}, {who}: {what}: {value:.3f}", file=sys.stderr)

                measure(project, who, number, note)
        shown += ["", *table(project, rounds, noted)]
    print("\n".join(shown))


main()
