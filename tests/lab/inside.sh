#!/usr/bin/env bash
# The lab from within: run.sh starts this as the first process of new namespaces. It brings the parts up, runs the
# command it is given and returns its exit code; when it ends the kernel ends all the rest.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

main() {
  local directory=$PWD
  mkdir "$LAB_DIR"/{bin,docker,heroku,home,home/.docker,nix,nix-conf,registry,root}
  file_system
  names
  programs
  ip link set lo up
  docker_engine
  registry
  environment
  heroku
  cd -- "$directory"
  PATH=$LAB_DIR/bin "$@"
}

file_system() {
  private_root "$LAB_DIR/root"
  rmdir "$LAB_DIR/root"
  mkdir /srv/lab/nixpkgs
  mount --bind -o ro "$cache/nixpkgs" /srv/lab/nixpkgs
  # What a command builds is its own: the store of the cache stays as it is.
  mkdir "$LAB_DIR"/nix/{upper,work}
  mount -t overlay -o "lowerdir=$cache/nix,upperdir=$LAB_DIR/nix/upper,workdir=$LAB_DIR/nix/work" lab-nix /nix
}

# Docker counts a registry in 127.0.0.0/8 as one that needs no certificate.
names() {
  cat > "$LAB_DIR/hosts" <<-END
		127.0.0.1 localhost
		127.0.0.1 api.localhost git.localhost
		127.0.0.2 registry.localhost
	END
  : > "$LAB_DIR/resolv.conf"
  mount --bind "$LAB_DIR/hosts" /etc/hosts
  mount --bind "$LAB_DIR/resolv.conf" "$(realpath /etc/resolv.conf)"
}

# All that PATH offers to the command.
programs() {
  cp -a "$cache/path/." "$LAB_DIR/bin/"
  ln -s "$cache/clients/$LAB_DOCKER/docker" "$LAB_DIR/bin/docker"
  if [[ -d $cache/clients/$LAB_DOCKER/cli-plugins ]]; then
    ln -s "$cache/clients/$LAB_DOCKER/cli-plugins" "$LAB_DIR/home/.docker/cli-plugins"
  fi
  ln -s "$cache/heroku/heroku" "$LAB_DIR/bin/heroku"
  ln -s "$cache"/linters/{hadolint,shellcheck,zizmor} "$LAB_DIR/bin/"
  ln -s "$cache/linters/schemas" "$LAB_DIR/schemas"
  mkdir -p "$LAB_DIR/home/.cache/heroku"
  touch "$LAB_DIR/home/.cache/heroku/terms-of-service" # or the CLI speaks of them on stderr
  case $LAB_NIX in
    2.8) ln -s /usr/bin/nix{,-*} "$LAB_DIR/bin/" ;;
    2.26) ln -s "$(store_path nix)"/bin/nix{,-*} "$LAB_DIR/bin/" ;;
  esac
  cat > "$LAB_DIR/nix-conf/nix.conf" <<-END
		experimental-features = nix-command flakes
		sandbox = false
		build-users-group =
		substitute = false
	END
}

docker_engine() {
  local tag
  data_root "$cache/docker-root/$LAB_ENGINE" "$LAB_DIR/docker"
  start_dockerd "$LAB_ENGINE" "$LAB_DIR/docker" "$LAB_DIR" --cgroup-parent "/${LAB_DIR##*/}"
  export DOCKER_HOST=unix://$LAB_DIR/docker.sock
  for tag in ${NIXDYNO_LAB_BASE_TAGS:-nixos/nix:2.31.2}; do
    /usr/bin/docker tag nixdyno-lab/base "$tag"
  done
  /usr/bin/docker rmi nixdyno-lab/base > /dev/null
}

# Copy the prepared data directory, its big parts by hard links where the file system is the same: the engine never
# writes to the files of a layer, only beside them.
data_root() {
  local prepared=$1 data=$2 part excludes=()
  local parts=(overlay2 containerd/daemon/io.containerd.{snapshotter.v1.overlayfs/snapshots,content.v1.content/blobs})
  for part in "${parts[@]}"; do excludes+=("--exclude=./$part"); done
  tar -C "$prepared" -c "${excludes[@]}" . | tar -C "$data" -x
  for part in "${parts[@]}"; do
    if [[ ! -d $prepared/$part ]]; then continue; fi
    cp -al "$prepared/$part" "$data/$part" 2> /dev/null || cp -a --no-target-directory "$prepared/$part" "$data/$part"
  done
}

# Without a lock on its door: only the loopback Heroku, which asks for the token, is meant to come here.
registry() {
  cat > "$LAB_DIR/registry.yml" <<-END
		version: 0.1
		storage: { filesystem: { rootdirectory: $LAB_DIR/registry }, delete: { enabled: true } }
		http: { addr: 127.0.0.1:5000 }
	END
  docker-registry serve "$LAB_DIR/registry.yml" > "$LAB_DIR/registry.log" 2>&1 &
  wait_for docker-registry "$LAB_DIR/registry.log" curl -sf http://127.0.0.1:5000/v2/
}

# What the command sees of the machine's environment is what has nothing to do with the parts of the lab.
environment() {
  local name
  for name in $(compgen -e); do
    case $name in
      XDG_* | NIX_* | HEROKU_* | DOCKER_CONTEXT | DOCKER_CERT_PATH | DOCKER_TLS* | *_proxy | *_PROXY | SSL_CERT_* | *_CA_* | *_CERT) unset "$name" ;;
    esac
  done
  LAB_TOKEN=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')
  export LAB_TOKEN LAB_CONTROL=http://127.0.0.1:8900
  export HOME=$LAB_DIR/home DOCKER_CONFIG=$LAB_DIR/home/.docker DOCKER_HOST=unix://$LAB_DIR/docker.sock
  export NIX_CONF_DIR=$LAB_DIR/nix-conf NIX_PATH=nixpkgs=/srv/lab/nixpkgs
  export NODE_EXTRA_CA_CERTS=$LAB_DIR/heroku/ca.pem SSL_CERT_FILE=$LAB_DIR/heroku/ca.pem
  # The CLI leaves the token out for hosts it doesn't know, but takes headers from the environment.
  export HEROKU_HOST=localhost HEROKU_API_KEY=$LAB_TOKEN HEROKU_HEADERS="{\"authorization\":\"Bearer $LAB_TOKEN\"}"
  # Whatever else it would call fails at once in here, but some of it is tried again for seconds.
  export DISABLE_TELEMETRY=true HEROKU_SKIP_NEW_VERSION_CHECK=true HEROKU_DISABLE_AUTOUPDATE=1
  export HEROKU_PARTICLEBOARD_URL=https://api.localhost
}

heroku() {
  if [[ -z ${LOOPBACK_HEROKU-} ]]; then
    say "LOOPBACK_HEROKU names no program: this lab has no Heroku"
    return
  fi
  [[ -x $LOOPBACK_HEROKU ]] || die "LOOPBACK_HEROKU=$LOOPBACK_HEROKU is no program"
  "$LOOPBACK_HEROKU" --api 127.0.0.1:443 --registry 127.0.0.2:443 --upstream http://127.0.0.1:5000 \
    --control 127.0.0.1:8900 --state "$LAB_DIR/heroku" --hosts "$LAB_DIR/hosts" --token "$LAB_TOKEN" \
    > "$LAB_DIR/heroku.log" 2>&1 &
  wait_for "$LOOPBACK_HEROKU" "$LAB_DIR/heroku.log" grep -qx ready "$LAB_DIR/heroku.log"
}

main "$@"
