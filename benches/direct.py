#!/usr/bin/env python3
"""Measure what it costs to put a closure into a registry, for nixdyno's direct route and others, by turns. Run by
direct.sh, in the lab."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import bounds
import scale
import tables
from beside import LAB, Repository, forget, run, shell
from contenders import BENCHES, CONTENDERS, WORK, Nixdyno, closure

OUT = Path(os.environ["OUT"])
TICKS = os.sysconf("SC_CLK_TCK")
# What is measured in a round, with the version of the app and whether the client is a new one.
PHASES = (
    ("first", "1", False),
    ("unchanged", "1", False),
    ("changed", "2", False),
    ("unchanged, fresh", "2", True),
    ("changed, fresh", "3", True),
)


def busy():
    """Seconds that the machine's processors have worked, all together."""
    user, nice, system, _, _, irq, softirq, *_ = Path("/proc/stat").read_text().split("\n")[0].split()[1:]
    return sum(map(int, (user, nice, system, irq, softirq))) / TICKS


def stolen():
    """Seconds that the machine's processors were given to others by its host, while we had work for them."""
    return int(Path("/proc/stat").read_text().split("\n")[0].split()[8]) / TICKS


def loopback():
    """Bytes that went over the loopback device, where only the registry and its clients talk."""
    line = next(line for line in Path("/proc/net/dev").read_text().split("\n") if line.strip().startswith("lo:"))
    return int(line.split()[1])


def stored():
    return sum(file.stat().st_size for file in (LAB / "registry/docker/registry/v2/blobs").rglob("data"))


def peak(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.split("\n") if line.startswith("VmHWM"))


def client(words, environment):
    """One command's processor seconds and the kB of its largest process. It is time's child and not ours, because a child
    counts the memory of who starts it as its own."""
    report = WORK / "time"
    timed = ["/usr/bin/time", "--format", "%U %S %M", "--output", report, "--", *words]
    run(*timed, cwd=WORK / "empty", env=os.environ | environment)
    user, system, largest = report.read_text().split()
    return float(user) + float(system), int(largest)


def deploy(contender, app):
    """What one deploy costs, and how many layers the image has. Times in seconds, sizes in MB."""
    contender.ready(app)
    os.sync()  # what was prepared is not to be written on the contender's time
    daemon = contender.daemon()
    if daemon:
        Path(f"/proc/{daemon}/clear_refs").write_text("5")
    before, begun = (busy(), stolen(), loopback(), stored()), time.perf_counter()
    steps = []
    for words in contender.steps(app):
        steps.append((*client(words, contender.environment()), time.perf_counter()))
    wall = time.perf_counter() - begun
    worked, stole, sent, kept = (now - then for now, then in zip((busy(), stolen(), loopback(), stored()), before))
    return {
        "wall": wall,
        "cpu": worked,
        "steal": stole,
        "client cpu": sum(step[0] for step in steps),
        "rss": max(step[1] for step in steps) / 1e3,
        "daemon rss": peak(daemon) / 1e3 if daemon else 0,
        "sent": sent / 1e6,
        "stored": kept / 1e6,
        "layers": len(Repository(contender.repository).pushed("latest")),
        "steps": [round(end - start, 3) for start, end in zip((begun, *(step[2] for step in steps)), (step[2] for step in steps))],
    }


def measure(contender, apps, note):
    """One round of one contender."""
    contender.begin(apps["1"])
    # Whose turn comes first is not to be who reads the disk.
    shell('tar -cC / "${@#/}" | cat > /dev/null', *closure(apps["1"]))
    for phase, version, fresh in PHASES:
        if fresh and named("HERE", contender):
            continue
        if fresh:
            contender.another_machine(apps[version])
        note(phase, deploy(contender, apps[version]))
    contender.end()


def store_opened(contender, app):
    """How often files below /nix/store are opened, of a deploy like the one before."""
    trace = WORK / "trace"
    words = ["/usr/bin/strace", "-f", "-y", "-qq", "-e", "trace=open,openat,openat2", "-o", trace, *contender.steps(app)[0]]
    run(*words, cwd=WORK / "empty", env=os.environ | contender.environment())
    with open(trace, errors="replace") as lines:
        return sum("/nix/store/" in line and " = -1 " not in line for line in lines)


def unopened(contenders, app):
    """Of nixdyno: unchanged, and for comparison first."""
    for contender in contenders:
        if contender.name == "nixdyno":
            contender.begin(app)
            first = store_opened(contender, app)
            return {"first": first, "unchanged": store_opened(contender, app)}


def build(name, version):
    file = BENCHES / "app.nix"
    return run("nix-build", "--no-out-link", file, "--argstr", "closure", name, "--argstr", "version", version).stdout.strip()


def about(app):
    """The closure, as its readers see it."""
    paths = closure(app)
    sizes = run("nix-store", "--query", "--size", *paths).stdout.split()
    return {"paths": len(paths), "MB as NARs": sum(map(int, sizes)) / 1e6}


def middle(rounds):
    """The median of each figure."""
    return {key: statistics.median(one[key] for one in rounds) for key in rounds[0] if key != "steps"}


def named(variable, contender):
    """Whether a variable has a word of a contender's name."""
    return any(word in contender.name for word in os.environ.get(variable, "").split(",") if word)


def chosen():
    found = [one for one in CONTENDERS if not os.environ.get("ONLY") or named("ONLY", one)]
    if not Nixdyno.there():
        print("bench: this nixdyno has no --store-path: the others are measured without it", file=sys.stderr)
        found = [one for one in found if not isinstance(one, Nixdyno)]
    return found


def compare(name, rounds):
    contenders, noted = chosen(), defaultdict(lambda: defaultdict(list))
    apps = {version: build(name, version) for _, version, _ in PHASES}
    for number in range(1, rounds + 1):
        for contender in contenders:
            if number > 1 and named("ONCE", contender):
                continue

            def note(phase, cost):
                noted[contender.name][phase].append(cost)
                told = ", ".join(f"{key} {value:.4g}" for key, value in cost.items() if key != "steps")
                print(f"{time.strftime('%T')} bench: {name}, {contender.name}, {phase}: {told} {cost['steps']}", file=sys.stderr)

            measure(contender, apps, note)
    opened = unopened(contenders, apps["1"])
    forget()
    answer = {
        "closure": name,
        "machine": machine(),
        "about": about(apps["1"]),
        "rounds": {who: len(phases["first"]) for who, phases in noted.items()},
        "medians": {who: {phase: middle(costs) for phase, costs in phases.items()} for who, phases in noted.items()},
        "bounds": bounds.measure(closure(apps["1"]), apps["1"], rounds, busy),
        "store files opened": opened,
        "all": noted,
    }
    (OUT / f"{name}.json").write_text(json.dumps(answer, indent=1) + "\n")
    text = "\n".join(tables.tables(answer)) + "\n"
    (OUT / f"{name}.md").write_text(text)
    print(text)


def machine():
    text = Path("/proc/cpuinfo").read_text()
    model = next((line.split(":")[1].strip() for line in text.split("\n") if line.startswith("model name")), "?")
    kernel = subprocess.run(["uname", "-r"], text=True, capture_output=True).stdout.strip()
    return {"cpu": model, "cpus": os.cpu_count(), "kernel": kernel, "date": time.strftime("%F")}


def main():
    (WORK / "empty").mkdir(parents=True)
    for word in sys.argv[1:]:
        name, rounds = word.split("=")
        if name == "scale":
            contenders = [one for one in chosen() if one.name == "nixdyno" or os.environ.get("ONLY")]
            points = scale.measure(contenders, int(rounds), deploy, busy)
            (OUT / "scale.json").write_text(json.dumps(points, indent=1) + "\n")
        else:
            compare(name, int(rounds))


main()
