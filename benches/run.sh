#!/usr/bin/env bash
# Measure nixdyno's image of examples/python-web against that of peer.Dockerfile, the pattern people publish.
# Both are built by turns, by the same engine, in one lab, so that only the ratios count.
# Nothing is downloaded in the lab. So what the pattern fetches again after every edit, and nixdyno doesn't, is not in them.
#
# usage: benches/run.sh [ROUNDS]        (3 rounds unless told; needs tests/lab/setup.sh and a release build)
#
# NIXDYNO   the program to measure, target/release/nixdyno unless told
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname -- "$here")
base=nixos/nix:2.31.2
# The lab's nixpkgs is not the one that the example is locked to.
nix_args=(--override-input nixpkgs path:/srv/lab/nixpkgs)

main() {
  local rounds=${1:-3}
  if [[ -z ${LAB_DIR-} ]]; then
    NIXDYNO=$(realpath -- "${NIXDYNO:-${CARGO_TARGET_DIR:-$project/target}/release/nixdyno}") ||
      { echo "bench: build it first: cargo build --release" >&2 && exit 1; }
    export NIXDYNO
    exec "$project/tests/lab/run.sh" "$here/run.sh" "$rounds"
  fi
  work=$(mktemp -d "$LAB_DIR/bench.XXXXXX")
  cp -R "$project/examples/python-web" "$work/app"
  local round who
  for ((round = 1; round <= rounds; round++)); do
    for who in ours peer; do
      docker builder prune --all --force > /dev/null
      take "$who" cold
      printf '# edited in round %s\n' "$round" >> "$work/app/app/app.py"
      take "$who" edit
      # As it was, so that every cold build is of the same sources.
      cp "$project/examples/python-web/app/app.py" "$work/app/app/app.py"
    done
  done
  table "$rounds"
}

# Build one image once, and note how long it took, its size, and after a cold build its ID.
take() {
  local who=$1 what=$2 image begun=$EPOCHREALTIME ended
  "$who" > "$work/log" 2>&1 || { cat "$work/log" >&2 && exit 1; }
  ended=$EPOCHREALTIME
  image=$(cat "$work/image")
  note "$who" "$what" $(((${ended/[.,]/} - ${begun/[.,]/}) / 1000))
  if [[ $what == edit ]]; then
    note "$who" sent "$(sent "$image" "$work/$who.layers")"
    return
  fi
  layers "$image" > "$work/$who.layers"
  note "$who" size "$(docker image inspect --format '{{.Size}}' "$image")"
  docker image inspect --format '{{.Id}}' "$image" >> "$work/$who.id"
}

# The digest of each layer's tar, the lowest first.
layers() { docker image inspect --format '{{range .RootFS.Layers}}{{println .}}{{end}}' "$1" | grep sha256; }

# Bytes that a push sends where the layers in a file are known: the others, compressed as Docker does.
sent() {
  local image=$1 known=$2 saved=$work/saved file layer
  rm -rf "$saved" && mkdir "$saved"
  docker save "$image" | tar -xC "$saved"
  jq --raw-output '.[0].Layers[]' "$saved/manifest.json" > "$saved/files"
  layers "$image" | paste - "$saved/files" | while read -r layer file; do
    grep -qxF "$layer" "$known" || cat "$saved/$file"
  done | gzip -6 | wc -c
}

note() {
  echo "$3" >> "$work/$1.$2"
  printf 'bench: %s %s %s\n' "$1" "$2" "$3" >&2
}

ours() {
  local words=() word
  for word in "${nix_args[@]}"; do words+=(--nix-arg "$word"); done
  NIXDYNO_BASE=$base "$NIXDYNO" build --no-eval "${words[@]}" "$work/app" > "$work/built" &&
    cut -d' ' -f2 "$work/built" > "$work/image"
}

peer() {
  DOCKER_BUILDKIT=1 docker build --quiet --iidfile "$work/image" --file "$here/peer.Dockerfile" \
    --build-arg "BASE=$base" --build-arg ATTRIBUTE=packages.x86_64-linux.default \
    --build-arg "NIX_ARGS=${nix_args[*]}" --tag bench-peer "$work/app"
}

median() { sort -n "$1" | mawk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

ids() { sort -u "$1" | wc -l; }

table() {
  printf '\nexamples/python-web, medians of %s\n\n' "$1"
  printf '| %-28s | %10s | %10s | %12s |\n' '' nixdyno published 'ratio'
  printf '| %s | %s | %s | %s |\n' "$(dashes 28)" "$(dashes 9):" "$(dashes 9):" "$(dashes 11):"
  row 'build from nothing, s' cold 1000
  row 'build after an edit, s' edit 1000
  row 'push after an edit, kB' sent 1000
  row 'image, MB' size 1000000
  printf '| %-28s | %10s | %10s | %12s |\n' "image IDs in $1 builds" "$(ids "$work/ours.id")" "$(ids "$work/peer.id")" ''
}

row() {
  mawk -v what="$1" -v unit="$3" -v ours="$(median "$work/ours.$2")" -v peer="$(median "$work/peer.$2")" \
    'BEGIN { printf "| %-28s | %10.1f | %10.1f | %12.3g |\n", what, ours / unit, peer / unit, ours / peer }'
}

dashes() { printf -- '-%.0s' $(seq "$1"); }

main "$@"
