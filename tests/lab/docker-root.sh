#!/usr/bin/env bash
# Import the base image into a Docker data directory that every lab starts from, at $cache/docker-root.
# Run by setup.sh in namespaces of its own.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

profile=/nix/var/nix/profiles/default
certificates=$profile/etc/ssl/certs/ca-bundle.crt

main() {
  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2064  # the value of now
  trap "rm -rf $work" EXIT
  mkdir "$work/root"
  private_root "$work/root"
  ip link set lo up
  rm -rf "$cache/docker-root"
  start_dockerd "$cache/docker-root" "$work"
  # The environment of the real image.
  tar -C "$cache/image" -c . | docker --host "unix://$work/docker.sock" import \
    --change 'USER 0:0' \
    --change "CMD [\"/root/.nix-profile/bin/bash\"]" \
    --change "ENV USER=root PATH=/root/.nix-profile/bin:$profile/bin:$profile/sbin MANPATH=/root/.nix-profile/share/man:$profile/share/man" \
    --change "ENV SSL_CERT_FILE=$certificates GIT_SSL_CAINFO=$certificates NIX_SSL_CERT_FILE=$certificates" \
    --change 'ENV NIX_PATH=/nix/var/nix/profiles/per-user/root/channels:/root/.nix-defexpr/channels' \
    - nixdyno-lab/base > "$work/imported"
  stop_dockerd "$work"
}

main
