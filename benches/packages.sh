# Sourced by prepare.sh and prepare-direct.sh, after common.sh of the lab.
# shellcheck shell=bash disable=SC2154  # common.sh sets $cache and $lab_source

# Add the packages of Debian that LIST names, with all that they need, to PLACE/nixpkgs as the set NAME; their .debs are
# in PLACE/pool afterwards. APT_CONF says of which release.
package_set() { # LIST APT_CONF PLACE NAME
  local list=$1 apt_conf=$2 place=$3 set=$3/nixpkgs/$4 names
  mapfile -t names < <(nix-instantiate --eval --strict --json --store dummy:// "$list" | jq --raw-output '.[]')
  [[ ${#names[@]} -gt 0 ]] || die "no names in $list"
  python3 "$lab_source/nixpkgs/resolve-debs.py" "$apt_conf" "$place" "${names[@]}"
  mkdir "$set"
  cp "$cache"/nixpkgs/{debs.nix,deb.sh} "$set/"
  mv "$place/debs.json" "$set/"
}
