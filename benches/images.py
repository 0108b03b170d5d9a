#!/usr/bin/env python3
"""Measure images of nixdyno, of the pattern people publish and of a single stage, by turns. Run by run.sh, in the lab."""

import collections
import http.server
import json
import os
import re
import shutil
import socket
import socketserver
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from functools import partial
from pathlib import Path

BENCHES = Path(__file__).resolve().parent
LAB, CACHE = Path(os.environ["LAB_DIR"]), Path(os.environ["NIXDYNO_LAB_CACHE"])
BASE = "nixos/nix:2.31.2"
# The lab's nixpkgs is not the one that the projects are locked to.
NIX_ARGS = ["--override-input", "nixpkgs", "path:/srv/lab/nixpkgs"]
# prepare.sh wrote the first into the base image; a push goes through the second, which counts.
CACHE_PORT, METER_PORT, REGISTRY_PORT = 8089, 5001, 5000

PROJECTS = {
    "python-web": (BENCHES.parent / "examples/python-web", "app/app.py"),
    "large": (BENCHES / "large", "app/server.py"),
}
MANIFESTS = (
    "docker.distribution.manifest.v2",
    "docker.distribution.manifest.list.v2",
    "oci.image.manifest.v1",
    "oci.image.index.v1",
)
WORK = LAB / "bench"
FIRST, SECOND = f"unix://{LAB}/docker.sock", f"unix://{LAB}/second/docker.sock"


def run(*words, **more):
    """What a command answers; its whole output and the end, if it fails."""
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{done.stderr}bench: {' '.join(map(str, words))} failed")
    return done


def shell(script, *words):
    return run("bash", "-euo", "pipefail", "-c", script, "bash", *map(str, words)).stdout


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


# What runs beside them.


class Quiet(http.server.SimpleHTTPRequestHandler):
    """The binary cache: files."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


class Meter(socketserver.StreamRequestHandler):
    """The way to the registry, which counts the bytes that go there."""

    sent = 0

    def handle(self):
        with socket.create_connection(("127.0.0.1", REGISTRY_PORT)) as registry:
            back = threading.Thread(target=self.pump, args=(registry, self.connection, False))
            back.start()
            self.pump(self.connection, registry, True)
            back.join()

    @staticmethod
    def pump(source, target, count):
        try:
            while data := source.recv(1 << 16):
                if count:
                    Meter.sent += len(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side has closed


def serve():
    servers = (
        http.server.ThreadingHTTPServer(("", CACHE_PORT), partial(Quiet, directory=CACHE / "binary-cache")),
        socketserver.ThreadingTCPServer(("127.0.0.1", METER_PORT), Meter),
    )
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()


def start_second_engine():
    """One that has the base image and has seen nothing else, with a bridge of its own."""
    shell(
        """
        source "$1/tests/lab/common.sh"
        state=$LAB_DIR/second
        mkdir "$state"
        cp -a "$cache/docker-root/$LAB_ENGINE" "$state/docker"
        ip link show bench1 > /dev/null 2>&1 || {
          ip link add bench1 type bridge
          ip address add 172.30.0.1/16 dev bench1
          ip link set bench1 up
        }
        start_dockerd "$LAB_ENGINE" "$state/docker" "$state" --bridge bench1 --cgroup-parent "/${LAB_DIR##*/}-second"
        docker --host "unix://$state/docker.sock" tag nixdyno-lab/base "$2"
        """,
        BENCHES.parent,
        BASE,
    )


def stop_second_engine():
    shell(
        """
        kill "$(cat "$1/docker.pid")"
        while [[ -e $1/docker.pid ]]; do sleep 0.1; done
        # what its mounts leave behind
        grep -o " $1/[^ ]*" /proc/mounts | sort -r | xargs -r umount 2> /dev/null || true
        rm -rf "$1"
        """,
        LAB / "second",
    )


# Measuring.


def timed(build, *args):
    begun = time.perf_counter()
    image, log = build(*args)
    return time.perf_counter() - begun, image, log


class Repository:
    """One of the registry's, and what has been pushed there."""

    def __init__(self, name):
        self.name, self.layers = name, {}

    def push(self, image, engine=FIRST):
        """Bytes that a push sends, and those of layers that weren't there before."""
        env = os.environ | {"DOCKER_HOST": engine}
        target = f"127.0.0.1:{METER_PORT}/{self.name}"
        run("docker", "tag", image, target, env=env)
        before, known = Meter.sent, self.layers
        run("docker", "push", target, env=env)
        self.layers = known | self.pushed("latest")
        return Meter.sent - before, sum(self.layers[digest] for digest in self.layers.keys() - known.keys())

    def pushed(self, reference):
        """The compressed size of each layer."""
        kinds = [f"application/vnd.{kind}+json" for kind in MANIFESTS]
        url = f"http://127.0.0.1:{REGISTRY_PORT}/v2/{self.name}/manifests/{reference}"
        asked = urllib.request.Request(url, headers={"Accept": ", ".join(kinds)})
        manifest = json.load(urllib.request.urlopen(asked))
        for entry in manifest.get("manifests", []):
            if entry["platform"]["architecture"] == "amd64":
                return self.pushed(entry["digest"])
        return {layer["digest"]: layer["size"] for layer in manifest["layers"]}


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


def forget():
    """Nothing of the contender before is left, in the engine or in the registry."""
    shell(
        """
        images=$(docker image ls --format '{{.Repository}}:{{.Tag}}' | grep -vxF "$1" || true)
        [[ -z $images ]] || docker image rm --force $images
        docker image prune --force
        docker builder prune --all --force
        rm -rf "$LAB_DIR"/registry/docker/registry/v2/{blobs,repositories}
        """,
        BASE,
    )


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
