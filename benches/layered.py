#!/usr/bin/env python3
"""A peer of direct.py: an image archive in which the most used store paths have a layer each, as many people build theirs.

It stands for the scripts that nixpkgs' dockerTools come with, and does what costs them time: every layer is made twice, once
for its digest and once for the archive, in one thread, with nothing kept from the time before.

usage: layered.py plan NAME < paths and references as JSON > plan   (in nixpkgs a derivation: not in the seconds)
       layered.py stream PLAN > archive
"""

import hashlib
import io
import json
import os
import sys
import tarfile
import threading
from pathlib import Path

# A hundred layers: these, one for all other paths, one of what the image has beside its store.
ALONE = 98


def by_use(references):
    """Paths, those first that most chains of references lead to."""
    users = {path: [] for path in references}
    for path, used in references.items():
        for other in used:
            if other != path:
                users[other].append(path)
    chains = {}
    for path in references:
        waiting = [path]
        while waiting:  # not by calling itself: a closure may be deep
            unknown = [user for user in users[waiting[-1]] if user not in chains]
            if unknown:
                waiting += unknown
            else:
                here = waiting.pop()
                chains[here] = sum(1 + chains[user] for user in users[here])
    return sorted(references, key=lambda path: (-chains[path], path))


def plan(name):
    paths = by_use(json.load(sys.stdin))
    layers = [[path] for path in paths[:ALONE]] + [sorted(paths[ALONE:])]
    json.dump({"name": name, "layers": [layer for layer in layers if layer]}, sys.stdout)


class Digest:
    """A file that only its digest and size are wanted of."""

    def __init__(self):
        self.hash, self.size = hashlib.sha256(), 0

    def write(self, data):
        self.hash.update(data)
        self.size += len(data)
        return len(data)


def plain(member):
    member.mtime, member.uid, member.gid, member.uname, member.gname = 1, 0, 0, "root", "root"
    return member


def write_layer(file, paths):
    with tarfile.open(fileobj=file, mode="w|") as tar:
        for folder in ("nix", "nix/store"):
            member = plain(tarfile.TarInfo(folder))
            member.type, member.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(member)
        for path in paths:
            for name in [Path(path), *sorted(Path(path).rglob("*"))]:
                tar.inodes.clear()  # two names of one file are two files
                member = plain(tar.gettarinfo(name))
                if member.isreg():
                    with open(name, "rb") as data:
                        tar.addfile(member, data)
                else:
                    tar.addfile(member)


def add(archive, name, size, file):
    member = plain(tarfile.TarInfo(name))
    member.size = size
    archive.addfile(member, file)


def add_layer(archive, paths):
    """The layer's diff ID; its bytes go by a pipe from one thread to the other."""
    seen = Digest()
    write_layer(seen, paths)
    diff = seen.hash.hexdigest()
    take, give = os.pipe()

    def fill():
        with open(give, "wb") as file:
            write_layer(file, paths)

    filling = threading.Thread(target=fill)
    filling.start()
    with open(take, "rb") as file:
        add(archive, f"{diff}/layer.tar", seen.size, file)
    filling.join()
    return diff


def stream(file):
    todo = json.loads(Path(file).read_text())
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
        diffs = [add_layer(archive, paths) for paths in [*todo["layers"], []]]
        config = json.dumps(
            {
                "architecture": "amd64",
                "os": "linux",
                "created": "1970-01-01T00:00:01Z",
                "config": {"Cmd": ["/bin/app"]},
                "rootfs": {"type": "layers", "diff_ids": [f"sha256:{diff}" for diff in diffs]},
            }
        ).encode()
        name = hashlib.sha256(config).hexdigest() + ".json"
        layers = [f"{diff}/layer.tar" for diff in diffs]
        index = json.dumps([{"Config": name, "RepoTags": [todo["name"]], "Layers": layers}]).encode()
        for what, data in ((name, config), ("manifest.json", index)):
            add(archive, what, len(data), io.BytesIO(data))


{"plan": plan, "stream": stream}[sys.argv[1]](sys.argv[2])
