#!/usr/bin/env bash
# Prepare the lab that run.sh measures in, in the lab's cache: the usual one, with two differences. Its base image holds
# what the real one holds, and everything else comes from a binary cache, as it does for real. And its nixpkgs has
# `large`, what benches/large is made of. Done once, and again after changes here.
#
# usage: benches/prepare.sh        (after tests/lab/setup.sh; Debian 12, root, a network, 5 GB; leaves 1 GB)
set -euo pipefail
benches=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lab/common.sh
source "$benches/../tests/lab/common.sh"
# shellcheck source=benches/packages.sh
source "$benches/packages.sh"

bench=$cache/bench
# The engine's own address for its containers, and run.py's port for the binary cache.
substituter=http://172.17.0.1:8089

main() {
  [[ -e $cache/clients.done ]] || die "run tests/lab/setup.sh first"
  local inputs
  inputs=$(cat "$cache/image.done" "$benches"/{prepare.sh,packages.sh,large/closure.nix} | sha256sum)
  mkdir -p "$bench"
  exec 8< "$bench" 9< "$cache/lock"
  flock 8
  flock --shared 9 # setup.sh must not replace what this is made from
  if [[ -e $bench/clients.done && $(cat "$bench/clients.done") == "$inputs" ]]; then return; fi
  say "preparing benches, some five minutes"
  rm -rf "${bench:?}"/*
  local part
  for part in "$cache"/{clients,heroku,nix,path,store-path.*}; do ln -s "$part" "$bench/"; done
  touch "$bench/lock"
  cp -r "$cache/nixpkgs" "$bench/nixpkgs"
  package_set "$benches/large/closure.nix" "$cache/apt/apt.conf" "$bench" large
  unshare --mount --fork "$benches/prepare.sh" build
  rm -rf "$bench"/{pool,store}
  NIXDYNO_LAB_CACHE=$bench unshare --mount --net --pid --fork --kill-child --mount-proc "$lab_source/docker-root.sh"
  rm -rf "$bench/image"
  printf '%s\n' "$inputs" > "$bench/clients.done" # what run.sh of the lab looks for
}

# In a mount namespace of its own, where /nix is the usual lab's and all that is built here.
build() {
  mkdir -p "$bench"/{root,store/{upper,work}}
  private_root "$bench/root"
  rmdir "$bench/root"
  mkdir -p /srv/lab/{nixpkgs,pool}
  mount --bind "$bench/nixpkgs" /srv/lab/nixpkgs
  mount --bind "$bench/pool" /srv/lab/pool
  mount -t overlay -o "lowerdir=$cache/nix,upperdir=$bench/store/upper,workdir=$bench/store/work" bench-nix /nix
  export NIX_CONF_DIR=$bench/store HOME=$bench/store
  cat > "$bench/store/nix.conf" <<-END
		experimental-features = nix-command
		sandbox = false
		build-users-group =
		substitute = false
	END
  local paths large='import /srv/lab/nixpkgs/large/debs.nix { system = "x86_64-linux"; }'
  mapfile -t paths < <(
    nix-build --no-out-link --max-jobs 2 --expr "builtins.attrValues ($large)" 2> "$bench/build.log"
    nix-build --no-out-link "$lab_source/base-image.nix" -A profile -A examples 2>> "$bench/build.log"
  )
  [[ ${#paths[@]} -gt 300 ]] || die "the packages do not build: $bench/build.log"
  nix copy --to "file://$bench/binary-cache?compression=zstd" "${paths[@]}" 2>> "$bench/build.log"
  umount /nix
  base_image
}

# The usual one without what is not in the real image's profile.
base_image() {
  cp -a "$cache/image" "$bench/image"
  mount --bind "$bench/image/nix" /nix
  nix-store --gc 2>> "$bench/build.log" > /dev/null
  rm -r "$bench/image/nix/var/nix/gc-socket"
  cp -r /srv/lab/nixpkgs/large "$bench/image/srv/lab/nixpkgs/"
  printf '%s\n' 'substitute = true' "substituters = $substituter" 'require-sigs = false' >> "$bench/image/etc/nix/nix.conf"
}

"${1:-main}"
