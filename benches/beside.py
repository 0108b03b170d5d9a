"""What images.py and direct.py need beside what they measure: a binary cache, a registry that counts, a second engine."""

import http.server
import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import urllib.request
from functools import partial
from pathlib import Path

LAB, CACHE = Path(os.environ["LAB_DIR"]), Path(os.environ["NIXDYNO_LAB_CACHE"])
ENGINE = Path(__file__).resolve().parent.parent / "tests/lab/second-engine.sh"
BASE = "nixos/nix:2.31.2"
FIRST, SECOND = f"unix://{LAB}/docker.sock", f"unix://{LAB}/second/docker.sock"
# prepare.sh wrote the first into the base image; a push goes through the second, which counts.
CACHE_PORT, METER_PORT, REGISTRY_PORT = 8089, 5001, 5000
MANIFESTS = (
    "docker.distribution.manifest.v2",
    "docker.distribution.manifest.list.v2",
    "oci.image.manifest.v1",
    "oci.image.index.v1",
)


def run(*words, **more):
    """What a command answers; its whole output and the end, if it fails."""
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{done.stderr}bench: {' '.join(map(str, words))} failed")
    return done


def shell(script, *words):
    return run("bash", "-euo", "pipefail", "-c", script, "bash", *map(str, words)).stdout


def forget_images():
    """Nothing of the contender before is left in the engine."""
    shell(
        """
        docker image prune --force
        images=$(docker image ls --format '{{.Repository}}:{{.Tag}}' | grep -vxF "$1" || true)
        [[ -z $images ]] || docker image rm --force $images
        docker image prune --force
        docker builder prune --all --force
        """,
        BASE,
    )


def forget():
    """Nor in the registry."""
    forget_images()
    shell('rm -rf "$LAB_DIR"/registry/docker/registry/v2/{blobs,repositories}')


class Quiet(http.server.SimpleHTTPRequestHandler):
    """The binary cache: files."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


class Meter(socketserver.StreamRequestHandler):
    """The way to the registry, which counts the bytes that go there."""

    sent, counting = 0, threading.Lock()

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
                    with Meter.counting:
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
    shell('"$1" start "$2" >&2', ENGINE, BASE)


def stop_second_engine():
    shell('"$1" stop', ENGINE)


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
