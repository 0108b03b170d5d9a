#!/usr/bin/env bash
# Run the tests: the fast ring, then the lab ring. Needs Debian 12 on x86_64, root and Rust; installs the rest.
#
# usage: tests/run.sh [fast|lab]
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

main() {
  case ${1-all} in
    fast) fast ;;
    lab) lab ;;
    all) tests/lab/setup.sh && fast && lab ;;
    *) echo "usage: tests/run.sh [fast|lab]" >&2 && exit 2 ;;
  esac
}

# No network, no root, no Docker, no Nix.
fast() {
  step 'Formatting and lints'
  cargo fmt --all --check
  cargo clippy --workspace --all-targets --locked -- --deny warnings
  step 'The fast ring'
  cargo test --workspace --locked
}

# Everything for real, in a lab of its own for each kind of Docker and Nix.
lab() {
  tests/lab/setup.sh
  step 'Building for the lab'
  cargo test --workspace --no-run --locked
  local suite unit
  LOOPBACK_HEROKU=$(built bin loopback-heroku)
  export LOOPBACK_HEROKU
  suite=$(built test lab)
  unit=$(built lib nixdyno)
  step 'The lab ring: Docker 20.10, Nix 2.8'
  halves "$suite"
  step 'Another Nix: 2.26'
  tests/lab/run.sh --nix 2.26 "$unit" --ignored
  tests/lab/run.sh --nix 2.26 "$suite" --ignored --test-threads 1 corpus:: evaluate::
  tests/lab/run.sh --nix 2.8 "$unit" --ignored
  step 'Without Nix on this side'
  tests/lab/run.sh --nix none "$suite" --ignored --test-threads 1 docker::the_docker_route evaluate::the_base
  step 'A Docker client of today with buildx'
  tests/lab/run.sh --docker modern "$suite" --ignored --test-threads 1 docker:: every_engine
  step 'The same without buildx'
  tests/lab/run.sh --docker modern-no-buildx "$suite" --ignored --test-threads 1 docker:: layers::every_engine
  step "An engine of today with containerd's image store"
  tests/lab/run.sh --docker modern --engine modern "$suite" --ignored --test-threads 1 docker:: direct::judges:: every_engine second_engine::
}

# All tests, in two labs side by side: one computes while the other waits for disks and clocks.
halves() {
  local first=(bases:: caches:: ci:: contents:: corpus:: direct:: early:: heroku_build:: hostile:: image:: init:: own_flake:: prune::
    second_engine:: shells:: words::) skip=() failed=0 half log
  for half in "${first[@]}"; do skip+=(--skip "$half"); done
  log=$(mktemp)
  tests/lab/run.sh "$1" --ignored --test-threads 1 "${first[@]}" > "$log" 2>&1 &
  local other=$!
  # In the background, too: a shell acts on a signal only between commands, or while it waits.
  tests/lab/run.sh "$1" --ignored --test-threads 1 "${skip[@]}" &
  local this=$!
  trap 'kill "$this" "$other" 2> /dev/null; wait; exit 130' INT TERM
  wait "$this" || failed=1
  wait "$other" || failed=1
  trap - INT TERM
  cat "$log" && rm "$log"
  return "$failed"
}

# The program that a target is: of a library or a test its tests. All are those of the fast ring, so nothing is built twice.
built() {
  cargo test --workspace --no-run --locked --message-format json 2> /dev/null |
    jq --raw-output --exit-status --slurp --arg kind "$1" --arg name "$2" \
      'map(select(.executable and .target.name == $name and (.target.kind | index($kind)) and .profile.test == ($kind != "bin"))) | last.executable'
}

step() { printf '\n-----> %s\n' "$1"; }

main "$@"
