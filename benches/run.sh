#!/usr/bin/env bash
# Measure nixdyno's images against those of two Dockerfiles that people write, in a lab of its own: see README.md.
#
# usage: benches/run.sh [PROJECT=ROUNDS]...   (python-web=3 large=1 unless told; needs tests/lab/setup.sh and a release build)
#
# NIXDYNO   the program to measure, target/release/nixdyno unless told
# ENGINE    the engine to measure with: 20.10 unless told, or modern
set -euo pipefail

benches=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lab/common.sh
source "$benches/../tests/lab/common.sh"

NIXDYNO=$(realpath -- "${NIXDYNO:-${CARGO_TARGET_DIR:-$project/target}/release/nixdyno}")
[[ -x $NIXDYNO ]] || die "build it first: cargo build --release"
[[ $# -gt 0 ]] || set -- python-web=3 large=1
"$benches/prepare.sh"
export NIXDYNO NIXDYNO_LAB_CACHE=$cache/bench
exec "$lab_source/run.sh" --docker "${ENGINE:-20.10}" --engine "${ENGINE:-20.10}" \
  /usr/bin/python3 -B "$benches/images.py" "$@"
