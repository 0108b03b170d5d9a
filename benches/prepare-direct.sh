#!/usr/bin/env bash
# Prepare the lab that direct.sh measures in, in the lab's cache: prepare.sh's, but with the closures of `large` and
# `reference` in the store that each lab begins with. Done once, and again after changes here.
#
# usage: benches/prepare-direct.sh   (after prepare.sh; Debian 12, root, a network; installs three packages, leaves 5 GB)
set -euo pipefail
benches=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lab/common.sh
source "$benches/../tests/lab/common.sh"
# shellcheck source=benches/packages.sh
source "$benches/packages.sh"

bench=$cache/bench direct=$cache/direct

main() {
  packages isal strace time
  [[ -e $bench/clients.done ]] || die "run benches/prepare.sh first"
  local inputs
  inputs=$(cat "$cache/store.done" "$bench/clients.done" "$benches"/{prepare-direct.sh,packages.sh,reference.nix} | sha256sum)
  mkdir -p "$direct"
  exec 8< "$direct" 9< "$cache/lock"
  flock 8
  flock --shared 9 # setup.sh must not replace what this is made from
  if [[ -e $direct/clients.done && $(cat "$direct/clients.done") == "$inputs" ]]; then return; fi
  say "preparing direct, some five minutes"
  rm -rf "${direct:?}"/*
  local part
  for part in "$bench"/{clients,docker-root,heroku,path,store-path.*}; do ln -s "$part" "$direct/"; done
  touch "$direct/lock"
  # Files of a store are never written to, so they may be shared; its database is written to.
  mkdir "$direct/nix"
  cp -al "$cache/nix/store" "$direct/nix/"
  cp -a "$cache/nix/var" "$direct/nix/"
  cp -r "$bench/nixpkgs" "$direct/nixpkgs"
  # The packages of this Debian 12, not those of the release that the lab's package set is made of.
  echo 'APT::Sandbox::User "root";' > "$direct/apt.conf"
  apt-get -qq update
  package_set "$benches/reference.nix" "$direct/apt.conf" "$direct" reference
  unshare --mount --fork "$benches/prepare-direct.sh" fill
  rm -rf "${direct:?}/pool"
  printf '%s\n' "$inputs" > "$direct/clients.done" # what run.sh of the lab looks for
}

packages() {
  local package missing=()
  for package; do
    dpkg-query --show --showformat '${db:Status-Abbrev}' "$package" 2> /dev/null | grep -q ^ii || missing+=("$package")
  done
  if [[ ${#missing[@]} == 0 ]]; then return; fi
  say "installing ${missing[*]}"
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "${missing[@]}" > /dev/null
}

# In a mount namespace of its own, where /nix is the store that is being made.
fill() {
  mkdir -p "$direct"/{root,conf}
  private_root "$direct/root"
  rmdir "$direct/root"
  mount --bind "$direct/nix" /nix
  mkdir -p /srv/lab/{nixpkgs,pool}
  mount --bind "$direct/nixpkgs" /srv/lab/nixpkgs
  mount --bind "$direct/pool" /srv/lab/pool
  export NIX_CONF_DIR=$direct/conf HOME=$direct/conf
  printf '%s\n' 'experimental-features = nix-command' 'substitute = false' 'build-users-group =' 'sandbox = false' > "$direct/conf/nix.conf"
  local paths
  mapfile -t paths < <(sed -n 's/^StorePath: //p' "$bench"/binary-cache/*.narinfo)
  [[ ${#paths[@]} -gt 300 ]] || die "the binary cache of prepare.sh is not whole"
  nix copy --no-check-sigs --from "file://$bench/binary-cache" "${paths[@]}" 2> "$direct/copy.log" || {
    tail -20 "$direct/copy.log" >&2
    die "the binary cache does not go into the store"
  }
  local built packages='import /srv/lab/nixpkgs/reference/debs.nix { system = "x86_64-linux"; }'
  mapfile -t built < <(nix-build --no-out-link --max-jobs 2 --expr "builtins.attrValues ($packages)" 2> "$direct/build.log")
  [[ ${#built[@]} -gt 300 ]] || die "the packages of Debian 12 do not build: $direct/build.log"
}

"${1:-main}"
