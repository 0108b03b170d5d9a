#!/usr/bin/env python3
"""Choose and fetch the Debian packages that the lab's package set is made of.

usage: resolve-debs.py APT_CONF OUTDIR [NAME...]

Writes OUTDIR/pool/*.deb and OUTDIR/debs.json, the lock that debs.nix reads: for each store path to be its version, its
.debs with their hashes, and the store paths it depends on. apt checks the signatures; we only follow `Depends`.
NAMEs are of PACKAGES or of Debian, and take the place of all of PACKAGES.
"""
import hashlib
import json
import os
import re
import subprocess
import sys

# Store paths made of one or more .debs. Python must be one path: it finds its library beside its program.
PACKAGES = {
    "bash": ["bash"],
    "busybox": ["busybox-static"],
    "cacert": ["ca-certificates"],
    "containerd": ["containerd"],
    "coreutils": ["coreutils"],
    "curl": ["curl"],
    "docker-buildx": ["docker-buildx"],
    "docker-client": ["docker-cli"],
    "docker-engine": ["docker.io"],
    "findutils": ["findutils"],
    "git": ["git"],
    "glibcLocales": ["locales"],
    "gnugrep": ["grep"],
    "gnused": ["sed"],
    "gnutar": ["tar"],
    "gzip": ["gzip"],
    "iana-etc": ["netbase"],
    "iptables": ["iptables"],
    "less": ["less"],
    "nix": ["nix-bin"],
    "openssh": ["openssh-client", "openssh-server"],
    "python3": ["python3.13", "python3.13-minimal", "libpython3.13-stdlib", "libpython3.13-minimal"],
    "runc": ["runc"],
    "tini": ["tini"],
    "tzdata": ["tzdata"],
}

# What nixpkgs' package needs and Debian's has built in or packaged apart.
EXTRA_DEPENDS = {"python3.13": ["bash", "libcrypt1", "libgcc-s1", "libgdbm6t64", "libmpdec4"]}

# Debian's own plumbing, and what a program can do without (git and nix run; their perl scripts don't).
SKIP = set(
    """adduser base-files bash-static bzip2 cdebconf debconf debconf-2.0 debianutils dpkg git-man init-system-helpers
    install-info libdbd-sqlite3-perl liberror-perl libwww-curl-perl media-types mime-support openssl passwd perl
    perl-base sysvinit-utils xz-utils""".split()
)
DEPENDS_ONLY = [f"--no-{kind}" for kind in ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")]


def depends(debs):
    """What each of these needs. One call for many: apt reads its index anew each time."""
    command = ["apt-cache", "depends", *DEPENDS_ONLY, *debs]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    blocks = re.split(r"^(?=\S)", text, flags=re.M)
    found = {block.split()[0]: re.findall(r"^\s*\|?(?:Pre)?Depends: (\S+)", block, re.M) for block in blocks if block}
    return {deb: [d for d in found[deb] if is_real(d)] + EXTRA_DEPENDS.get(deb, []) for deb in debs}


def is_real(deb):
    """Not a virtual package, not one of another architecture, and none that we leave out."""
    return not deb.startswith("<") and ":" not in deb and deb not in SKIP


def dependency_graph(roots):
    graph, todo = {}, set(roots)
    while todo:
        graph.update(depends(sorted(todo)))
        todo = {d for dependencies in graph.values() for d in dependencies} - set(graph)
    return graph


def download(debs, pool):
    """Fetch the .debs and say which file belongs to which."""
    os.makedirs(pool, exist_ok=True)
    subprocess.run(["apt-get", "--quiet", "--quiet", "download", *sorted(debs)], cwd=pool, check=True)
    return {name.split("_")[0]: name for name in sorted(os.listdir(pool))}


def describe(deb, files, pool):
    with open(os.path.join(pool, files[deb]), "rb") as file:
        return {"name": deb, "file": files[deb], "sha256": hashlib.sha256(file.read()).hexdigest()}


def version(deb, files):
    """A version that a store path may carry: no epoch, no Debian revision, no tilde."""
    text = files[deb].split("_")[1].split("%3a")[-1].rsplit("-", 1)[0]
    return re.sub(r"[^\w.+-]", "-", text)


def without_cycles(graph):
    """Debian packages may depend on each other in a circle; store paths cannot. libc6 comes first and needs nothing."""
    acyclic, open_paths = {}, set()

    def visit(path):
        open_paths.add(path)
        acyclic[path] = []
        for dependency in graph[path]:
            if dependency not in open_paths:
                acyclic[path].append(dependency)
                if dependency not in acyclic:
                    visit(dependency)
        open_paths.remove(path)

    acyclic["libc6"] = []
    for path in graph:
        if path not in acyclic:
            visit(path)
    return acyclic


def main():
    apt_conf, out, *names = sys.argv[1:]
    os.environ["APT_CONFIG"] = os.path.abspath(apt_conf)
    pool = os.path.join(out, "pool")
    packages = {name: PACKAGES.get(name, [name]) for name in names or PACKAGES}
    owner = {deb: path for path, debs in packages.items() for deb in debs}
    debs = dependency_graph(list(owner) + ["libc6"])
    files = download(debs, pool)

    members = {path: debs_of for path, debs_of in packages.items()}
    members.update({deb: [deb] for deb in debs if deb not in owner})
    graph = {
        path: sorted({owner.get(d, d) for deb in debs_of for d in debs[deb]} - {path})
        for path, debs_of in sorted(members.items())
    }
    lock = {
        path: {
            "version": version(members[path][0], files),
            "debs": [describe(deb, files, pool) for deb in members[path]],
            "deps": dependencies,
        }
        for path, dependencies in without_cycles(graph).items()
    }
    with open(os.path.join(out, "debs.json"), "w") as file:
        json.dump(lock, file, indent=2, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
