#!/usr/bin/env bash
# Another Docker engine in a lab, of the lab's own kind: it has the base image and has seen nothing else.
#
# usage: tests/lab/second-engine.sh start BASE-TAG   (prints its DOCKER_HOST)
#        tests/lab/second-engine.sh stop
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

state=${LAB_DIR:?run this in a lab}/second

start() {
  mkdir "$state"
  cp -a "$cache/docker-root/$LAB_ENGINE" "$state/docker"
  ip link show second1 > /dev/null 2>&1 || {
    ip link add second1 type bridge
    ip address add 172.30.0.1/16 dev second1
    ip link set second1 up
  }
  start_dockerd "$LAB_ENGINE" "$state/docker" "$state" --bridge second1 --cgroup-parent "/${LAB_DIR##*/}-second"
  docker --host "unix://$state/docker.sock" tag nixdyno-lab/base "$1"
  echo "unix://$state/docker.sock"
}

stop() {
  kill "$(cat "$state/docker.pid")"
  while [[ -e $state/docker.pid ]]; do sleep 0.1; done
  # what its mounts leave behind
  grep -o " $state/[^ ]*" /proc/mounts | sort -r | xargs -r umount 2> /dev/null || true
  rm -rf "$state"
}

"$@"
