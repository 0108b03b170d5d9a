#!/usr/bin/env bash
# Run a command in the lab: a Docker engine, a registry and a Heroku of its own, and no way to the network.
#
# usage: tests/lab/run.sh [--nix 2.8|2.26|none] [--docker 20.10|modern|modern-no-buildx] [--engine 20.10|modern]
#                          COMMAND [ARGUMENT]...
#
# --nix, --docker: which `nix` and which `docker` the command finds; --engine: which engine that talks to
#
# NIXDYNO_LAB_BASE_TAGS   names of the base image in the engine, separated by spaces
# LOOPBACK_HEROKU         the program that plays Heroku; without it there is none
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

export LAB_NIX=2.8 LAB_DOCKER=20.10 LAB_ENGINE=20.10 LAB_DIR=

main() {
  while [[ $# -gt 0 ]]; do
    case $1 in
      --nix) LAB_NIX=${2-} && shift 2 ;;
      --docker) LAB_DOCKER=${2-} && shift 2 ;;
      --engine) LAB_ENGINE=${2-} && shift 2 ;;
      --) shift && break ;;
      -*) die "unknown option $1" ;;
      *) break ;;
    esac
  done
  [[ $# -gt 0 ]] || die "no command given"
  [[ $LAB_NIX =~ ^(2\.8|2\.26|none)$ ]] || die "--nix takes 2.8, 2.26 or none"
  [[ $LAB_DOCKER =~ ^(20\.10|modern|modern-no-buildx)$ ]] || die "--docker takes 20.10, modern or modern-no-buildx"
  [[ $LAB_ENGINE =~ ^(20\.10|modern)$ ]] || die "--engine takes 20.10 or modern"
  [[ -e $cache/clients.done ]] || die "run tests/lab/setup.sh first"

  exec 9< "$cache/lock"
  flock --shared 9 # setup.sh must not replace what a lab is using

  trap 'clean_up' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  LAB_DIR=$(mktemp -d "${TMPDIR:-/tmp}/nixdyno-lab.XXXXXX")
  # In the background, so that this shell can act on signals; with our input, and with Ctrl-C as it was.
  env --default-signal=INT,QUIT unshare --mount --net --pid --fork --kill-child --mount-proc \
    "$lab_source/inside.sh" "$@" <&0 9<&- &
  namespaces=$!
  wait "$namespaces"
}

# The first process in the namespaces dies with unshare, and with it all others, containers too.
clean_up() {
  local status=$?
  trap '' INT TERM HUP
  if [[ -n ${namespaces-} ]] && kill -KILL "$namespaces" 2> /dev/null; then wait "$namespaces" 2> /dev/null || true; fi
  if [[ -n $LAB_DIR ]]; then
    remove_cgroups
    rm -rf --one-file-system "$LAB_DIR"
  fi
  exit "$status"
}

# The processes of a cgroup need a moment to be gone.
remove_cgroups() {
  local tries name=${LAB_DIR##*/}
  for ((tries = 0; tries < 100; tries++)); do
    find /sys/fs/cgroup -depth -type d -path "*/$name*" -exec rmdir {} + 2> /dev/null && return 0 # bare, in a trap, it returns the status of before
    sleep 0.05
  done
  say "could not remove the control groups called $name"
}

main "$@"
