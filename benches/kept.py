#!/usr/bin/env python3
"""A peer of direct.py: layers that are made once and kept, so that only what has changed is made again, as nix2container
does it with the dependencies in layers of their own. They are kept as tars in an OCI layout, which skopeo compresses and sends.

usage: kept.py PLAN FOLDER APP       (PLAN is layered.py's, of all but the app)
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

TAR = """
set -euo pipefail
tar -cC / --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1 --hard-dereference "${@:2}" | tee "$1" | sha256sum
"""


def make(blobs, paths):
    """One layer, read once."""
    new = blobs / "new"
    words = ["bash", "-c", TAR, "bash", new, *(path.lstrip("/") for path in paths)]
    digest = subprocess.run(words, text=True, check=True, stdout=subprocess.PIPE).stdout.split()[0]
    size = new.stat().st_size
    new.rename(blobs / digest)
    return {"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": f"sha256:{digest}", "size": size}


def keep(blobs, kind, what):
    data = json.dumps(what).encode()
    digest = hashlib.sha256(data).hexdigest()
    (blobs / digest).write_bytes(data)
    return {"mediaType": f"application/vnd.oci.image.{kind}.v1+json", "digest": f"sha256:{digest}", "size": len(data)}


def main(plan, folder, app):
    blobs, book = folder / "blobs/sha256", folder / "layers.json"
    blobs.mkdir(parents=True, exist_ok=True)
    known = json.loads(book.read_text()) if book.exists() else {}
    layers = []
    for paths in [*json.loads(plan.read_text())["layers"], [app]]:
        name = " ".join(paths)
        if name not in known:
            known[name] = make(blobs, paths)
        layers.append(known[name])
    book.write_text(json.dumps(known))
    rootfs = {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]}
    config = keep(blobs, "config", {"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/bin/app"]}, "rootfs": rootfs})
    manifest = keep(blobs, "manifest", {"schemaVersion": 2, "config": config, "layers": layers})
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "kept"}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [manifest]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')


main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
