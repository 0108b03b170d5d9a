#!/usr/bin/env bash
# Run every fuzz target for some seconds each, seeded with the projects of examples/ and tests/.
#
# usage: fuzz/all.sh [SECONDS]        (60 unless told; needs a nightly Rust and cargo-fuzz)
set -uo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." || exit
failed=()
# Leaks are not looked for: values of Nix refer to themselves, and such circles end with the process.
for target in $(cargo +nightly fuzz list); do
  mkdir -p "fuzz/corpus/$target"
  echo "fuzz: $target"
  ASAN_OPTIONS=detect_leaks=0 cargo +nightly fuzz run "$target" "fuzz/corpus/$target" examples tests -- \
    -dict=fuzz/nix.dict -max_total_time="${1:-60}" -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 ||
    failed+=("$target")
done
[[ ${#failed[@]} == 0 ]] || { echo "fuzz: failed: ${failed[*]}" && exit 1; }
