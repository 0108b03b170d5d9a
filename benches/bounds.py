"""What no program that puts these bytes into a registry as gzip can do without: to read them, two digests, the fastest
compressor that people have, and the way to the registry. On all processors at once, by programs that are known to be fast."""

import os
import statistics
import time

from beside import REGISTRY_PORT, run, shell
from contenders import WORK

# Debian's sha256sum doesn't know the processor's own instructions, which makes it six times slower.
DIGEST = "openssl dgst -sha256 -r"
# Each part: tar, the digest of the tar, igzip, the digest of that.
PACK = """
part() {
  local number=$1
  tar -cC / --sort=name --owner=0 --group=0 --mtime=@1 --files-from="$PWD/$number.list" | tee >(DIGEST > "$number.diff") | /usr/bin/igzip -1 -c | KEEP > "$number.digest"
}
cd "$1"
for number in $(seq "$2"); do
  part "$number" &
  jobs+=($!)
done
wait "${jobs[@]}"
"""
# Each part's blob, as a registry wants it: POST to begin, PUT of all.
UPLOAD = """
upload() {
  local place
  place=$(curl -sf -X POST -D - -o /dev/null "http://127.0.0.1:$1/v2/bound/blobs/uploads/" | sed -n 's/^Location: //ip' | tr -d '\\r')
  curl -sf -T "$2.gz" -H 'Content-Type: application/octet-stream' "$place&digest=sha256:$(cut -d' ' -f1 "$2.digest")"
}
cd "$1"
for number in $(seq "$3"); do
  upload "$2" "$number" &
  jobs+=($!)
done
wait "${jobs[@]}"
"""


def parts(paths, count):
    """As many lists of paths, of like size."""
    listed = run("du", "--summarize", "--bytes", *paths).stdout.splitlines()
    sizes = ((int(size), path) for size, path in (line.split("\t") for line in listed))
    lists = [[0, []] for _ in range(count)]
    for size, path in sorted(sizes, reverse=True):
        least = min(lists, key=lambda one: one[0])
        least[0] += size
        least[1].append(path.lstrip("/"))
    return [sorted(names) for _, names in lists if names]


def timed(busy, *words):
    worked, begun = busy(), time.perf_counter()
    shell(*words)
    return time.perf_counter() - begun, busy() - worked


def once(lists, busy):
    """The registry is empty afterwards."""
    folder = WORK / "bounds"
    folder.mkdir()
    for number, names in enumerate(lists, 1):
        (folder / f"{number}.list").write_text("".join(f"{name}\n" for name in names))
    pack = timed(busy, PACK.replace("KEEP", "DIGEST").replace("DIGEST", DIGEST), folder, len(lists))
    shell(PACK.replace("KEEP", "tee $number.gz | DIGEST").replace("DIGEST", DIGEST), folder, len(lists))
    size = sum(file.stat().st_size for file in folder.glob("*.gz"))
    upload = timed(busy, UPLOAD, folder, REGISTRY_PORT, len(lists))
    shell('rm -rf "$1" "$LAB_DIR"/registry/docker/registry/v2/{blobs,repositories}', folder)
    return {"pack": pack[0], "pack cpu": pack[1], "upload": upload[0], "upload cpu": upload[1], "MB": size / 1e6}


def measure(paths, app, rounds, busy):
    answer = {}
    for what, some in (("closure", paths), ("app", [app])):
        lists = parts(some, os.cpu_count())
        found = [once(lists, busy) for _ in range(rounds)]
        answer[what] = {key: statistics.median(one[key] for one in found) for key in found[0]}
    return answer
