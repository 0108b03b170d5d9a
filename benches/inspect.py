#!/usr/bin/env python3
"""Measure `nixdyno inspect` without Nix as a whole process, on every project of the corpus.

Beside it, where a `nix` is at hand, `nix flake show --json` of the same flake, which is what other tools ask. In
the lab its inputs are stand-ins (tests/lab/inputs), so nothing is downloaded and little is evaluated.

usage: benches/inspect.py [ROUNDS]                    (7 unless told; needs a release build)
       tests/lab/run.sh /usr/bin/python3 benches/inspect.py [ROUNDS]   (with the peer; needs tests/lab/setup.sh, too)

NIXDYNO   the program to measure, target/release/nixdyno unless told
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import shutil
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("NIXDYNO", str(ROOT / "target/release/nixdyno"))
# What a person waits for without noticing, and what any machine has to spare.
MOST_MS, MOST_MB = 10, 30


def run(words, folder):
    """Milliseconds, megabytes at the peak, and the exit status of one process."""
    begun = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        silence = os.open("/dev/null", os.O_RDWR)
        for channel in (0, 1, 2):
            os.dup2(silence, channel)
        os.chdir(folder)
        os.execvp(words[0], words)
    _, status, usage = os.wait4(pid, 0)
    return (time.perf_counter() - begun) * 1000, usage.ru_maxrss / 1000, os.waitstatus_to_exitcode(status)


def inspect(folder):
    """The words that inspect a project, by the file that its `expect.json` asks for, if any."""
    asked = json.loads((folder / "expect.json").read_text()).get("file")
    return [PROGRAM, "inspect", "--no-eval", "--json", "-q", "."] + (["--file", asked] if asked else [])


def ours(folder, rounds):
    runs = [run(inspect(folder), folder) for _ in range(rounds)]
    return statistics.median(it[0] for it in runs), max(it[1] for it in runs)


def peer(folder):
    """Milliseconds of `nix flake show`, once warm; None where it doesn't answer."""
    read = subprocess.run(inspect(folder), cwd=folder, capture_output=True)
    entry = [it for it in json.loads(read.stdout)["entry"] if it["kind"] == "flake"]
    if not entry:
        return None
    words = ["nix", "flake", "show", "--json", "--no-write-lock-file", "path:."]
    for name in entry[0]["inputs"]:
        stand_in = ROOT / "tests/lab/inputs" / name
        place = "/srv/lab/nixpkgs" if "nixpkgs" in name else stand_in if stand_in.is_dir() else ROOT / "tests/lab/inputs/any"
        words += ["--override-input", name, f"path:{place}"]
    # The evaluation cache would answer the second time: that is not what is asked.
    words += ["--option", "eval-cache", "false"]
    if run(words, folder)[2] != 0:
        return None
    return run(words, folder)[0]


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    lab = "LAB_DIR" in os.environ
    slow = []
    print(f"{'project':40} {'ms':>6} {'MB':>6} {'flake show, ms':>15} {'ratio':>6}")
    ratios = []
    for expect in sorted((ROOT / "tests/corpus").glob("*/expect.json")):
        with tempfile.TemporaryDirectory() as place:
            folder = shutil.copytree(expect.parent, Path(place) / expect.parent.name)
            took, most = ours(folder, rounds)
            other = peer(folder) if lab else None
        shown = "-" if other is None else f"{other:.0f}"
        ratio = "-" if other is None else f"{other / took:.0f}"
        if other is not None:
            ratios.append(other / took)
        print(f"{expect.parent.name:40} {took:6.1f} {most:6.1f} {shown:>15} {ratio:>6}")
        if took >= MOST_MS or most >= MOST_MB:
            slow.append(expect.parent.name)
    if ratios:
        print(f"median ratio: {statistics.median(ratios):.0f}, of {len(ratios)} flakes that `nix flake show` answers")
    if slow:
        sys.exit(f"over {MOST_MS} ms or {MOST_MB} MB: {', '.join(slow)}")


main()
