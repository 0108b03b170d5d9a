#!/usr/bin/env bash
# Build the lab's package set into $cache/nix, and the base image's file system into $cache/image.
# Run by setup.sh in a mount namespace of its own, where /nix is the lab's.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

main() {
  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2064  # the value of now
  trap "rm -rf $work" EXIT
  rm -rf "$cache/nix" "$cache/image"
  mkdir -p "$cache/nix" "$cache/image" "$work/root"
  private_root "$work/root"
  rmdir "$work/root"
  mkdir -p /srv/lab/{nixpkgs,pool}
  mount --bind "$cache/nixpkgs" /srv/lab/nixpkgs
  mount --bind "$cache/srv/pool" /srv/lab/pool
  mount --bind "$cache/nix" /nix
  export NIX_CONF_DIR=$work HOME=$work
  cat > "$work/nix.conf" <<-END
		experimental-features = nix-command
		sandbox = false
		build-users-group =
		substitute = false
	END

  : > "$cache/nix-build.log"
  build profile examples
  base_image "$cache/image"
  build docker
  local name
  for name in nix containerd docker-buildx docker-client docker-engine iptables runc tini; do
    nix-instantiate --eval --expr "toString (import /srv/lab/nixpkgs {}).$name" | tr -d '"' > "$cache/store-path.$name"
  done
}

build() {
  local attribute arguments=()
  for attribute in "$@"; do arguments+=(-A "$attribute"); done
  nix-build --no-out-link --max-jobs 2 "$lab_source/base-image.nix" "${arguments[@]}" > "$cache/built" 2>> "$cache/nix-build.log" || {
    tail -30 "$cache/nix-build.log" >&2
    die "the package set does not build"
  }
}

# The same places as in the real image: programs in a profile, nothing in /usr but env, nothing in /bin but sh.
base_image() {
  local image=$1 profile certificates=/nix/var/nix/profiles/default/etc/ssl/certs/ca-bundle.crt
  profile=$(nix-build --no-out-link "$lab_source/base-image.nix" -A profile)
  # shellcheck disable=SC2046
  nix copy --no-check-sigs --to "local?root=$image" $(cat "$cache/built") 2>> "$cache/nix-build.log"
  mkdir -p "$image"/{bin,usr/bin,root,tmp,var/tmp,etc/nix,etc/ssl/certs,srv/lab} \
    "$image"/nix/var/nix/{profiles,gcroots}/per-user/root "$image"/nix/var/nix/profiles/per-user/root/channels
  chmod 1777 "$image/tmp" "$image/var/tmp"
  chmod 700 "$image/root"
  cp -r "$cache/nixpkgs" "$image/srv/lab/nixpkgs"
  ln -s /nix/var/nix/profiles/default/bin/bash "$image/bin/sh"
  ln -s /nix/var/nix/profiles/default/bin/env "$image/usr/bin/env"
  ln -s "$profile" "$image/nix/var/nix/profiles/default-1-link"
  ln -s default-1-link "$image/nix/var/nix/profiles/default"
  ln -s /nix/var/nix/profiles/default "$image/root/.nix-profile"
  ln -sfT /nix/var/nix/profiles "$image/nix/var/nix/gcroots/profiles"
  ln -s /srv/lab/nixpkgs "$image/nix/var/nix/profiles/per-user/root/channels/nixpkgs"
  ln -s $certificates "$image/etc/ssl/certs/ca-bundle.crt"
  ln -s $certificates "$image/etc/ssl/certs/ca-certificates.crt"
  users "$image/etc"
  # The real nix.conf, and no substituters: without a network each would cost a time-out.
  cat > "$image/etc/nix/nix.conf" <<-END
		build-users-group = nixbld
		sandbox = false
		trusted-public-keys = cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=
		substitute = false
	END
}

users() {
  local etc=$1 number members=
  echo 'root:x:0:0:System administrator:/root:/bin/sh' > "$etc/passwd"
  for number in {1..32}; do
    echo "nixbld$number:x:$((30000 + number)):30000:Nix build user $number:/var/empty:/bin/false" >> "$etc/passwd"
    members+=${members:+,}nixbld$number
  done
  echo 'nobody:x:65534:65534:nobody:/var/empty:/bin/false' >> "$etc/passwd"
  printf '%s\n' root:x:0: "nixbld:x:30000:$members" nobody:x:65534: > "$etc/group"
  printf 'hosts: files dns\n' > "$etc/nsswitch.conf"
}

main "$@"
