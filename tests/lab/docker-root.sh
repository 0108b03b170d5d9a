#!/usr/bin/env bash
# Import the base image into the Docker data directories that every lab starts from, $cache/docker-root/ENGINE.
# Run by setup.sh in namespaces of its own.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

profile=/nix/var/nix/profiles/default
certificates=$profile/etc/ssl/certs/ca-bundle.crt

main() {
  local work engine
  work=$(mktemp -d)
  # shellcheck disable=SC2064  # the value of now
  trap "rm -rf $work" EXIT
  mkdir "$work/root"
  private_root "$work/root"
  mount --bind "$cache/nix" /nix
  ip link set lo up
  rm -rf "$cache/docker-root"
  for engine in 20.10 modern; do
    mkdir -p "$cache/docker-root/$engine"
    start_dockerd "$engine" "$cache/docker-root/$engine" "$work"
    import_base "unix://$work/docker.sock" > "$work/imported"
    stop_dockerd "$work"
  done
}

# With the environment of the real image.
import_base() {
  tar -C "$cache/image" -c . | docker --host "$1" import \
    --change 'USER 0:0' \
    --change 'CMD ["/root/.nix-profile/bin/bash"]' \
    --change "ENV USER=root PATH=/root/.nix-profile/bin:$profile/bin:$profile/sbin MANPATH=/root/.nix-profile/share/man:$profile/share/man" \
    --change "ENV SSL_CERT_FILE=$certificates GIT_SSL_CAINFO=$certificates NIX_SSL_CERT_FILE=$certificates" \
    --change 'ENV NIX_PATH=/nix/var/nix/profiles/per-user/root/channels:/root/.nix-defexpr/channels' \
    - nixdyno-lab/base:latest
}

main
