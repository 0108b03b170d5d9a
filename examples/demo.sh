#!/usr/bin/env bash
# Deploy an example end to end, in a lab on this machine: real Docker, Nix, registry and Heroku CLI, and a Heroku that
# runs what is released. Needs Debian 12 on x86_64, root and Rust; installs the rest. Nothing leaves the machine.
#
# usage: examples/demo.sh [python-web|static-binary|classic-jobs]
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

example=${1:-python-web}
[[ -f examples/$example/expect.json ]] || { echo "there is no example $example" >&2 && exit 2; }

tests/lab/setup.sh
cargo build --workspace --locked
target=$(realpath "${CARGO_TARGET_DIR:-target}")
# Words for Nix that stand in for a network, such as where nixpkgs is here.
mapfile -t words < <(jq --raw-output '.lab_nix_args[]? | "--nix-arg", .' "examples/$example/expect.json")

export LOOPBACK_HEROKU=$target/debug/loopback-heroku NIXDYNO_BASE=nixos/nix:2.31.2
# shellcheck disable=SC2016  # expanded in the lab
tests/lab/run.sh bash -euc '
  nixdyno=$1 example=$2; shift 2
  echo "$ nixdyno deploy examples/$example --app $example --create"
  url=$("$nixdyno" deploy "examples/$example" --app "$example" --create --color always "$@")
  printf "\n$ curl %s\n" "$url"
  curl --silent --show-error --fail --retry 3 --cacert "$SSL_CERT_FILE" "$url"
  printf "\n$ nixdyno status --app %s\n" "$example"
  "$nixdyno" status --app "$example"
' demo "$target/debug/nixdyno" "$example" "${words[@]}"
