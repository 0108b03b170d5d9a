#!/usr/bin/env bash
# Measure how nixdyno's direct route puts a closure into a registry, against other ways, in a lab of its own: see README.md.
#
# usage: benches/direct.sh [small=ROUNDS | reference=ROUNDS | large=ROUNDS | scale=ROUNDS]...
#        (small=3 reference=1 unless told; needs tests/lab/setup.sh and a release build)
#
# NIXDYNO   the program to measure, target/release/nixdyno unless told
# ONLY      the contenders to measure, by a word of their names, separated by commas: all unless told
# ONCE      those to measure in the first round only, likewise: none unless told
# HERE      those to measure on this machine only, not from another, likewise: none unless told
# OUT       where the tables and figures go, target/bench-direct unless told
set -euo pipefail

benches=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lab/common.sh
source "$benches/../tests/lab/common.sh"

target=$(realpath -m -- "${CARGO_TARGET_DIR:-$project/target}")
NIXDYNO=$(realpath -m -- "${NIXDYNO:-$target/release/nixdyno}")
[[ -x $NIXDYNO ]] || die "build it first: cargo build --release"
[[ $# -gt 0 ]] || set -- small=3 reference=1
OUT=$(realpath -m -- "${OUT:-$target/bench-direct}")
mkdir -p "$OUT"
"$benches/prepare.sh"
"$benches/prepare-direct.sh"
export NIXDYNO OUT NIXDYNO_LAB_CACHE=$cache/direct
exec "$lab_source/run.sh" /usr/bin/python3 -B "$benches/direct.py" "$@"
