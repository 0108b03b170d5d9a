# A small stand-in for nixpkgs' generic builder: the phases that an interpreted or shell program needs.
# shellcheck shell=bash disable=SC2154  # $initialPath is set by Nix
set -eu

export PATH=$initialPath
for input in ${nativeBuildInputs:-} ${buildInputs:-}; do
  PATH=$input/bin:$PATH
done

runHook() { eval "${!1:-}"; }

unpackPhase() {
  runHook preUnpack
  if [ -d "$src" ]; then
    cp -r --no-preserve=ownership "$src" source
    chmod -R u+w source
    cd source
  else
    tar -xf "$src"
    cd -- */
  fi
  runHook postUnpack
}

# What the package gives as text wins over the function of the same name.
runPhase() {
  if [ -n "${!1:-}" ]; then
    eval "${!1}"
  elif declare -F "$1" > /dev/null; then
    "$1"
  fi
}

if [ -n "${buildCommand:-}" ]; then
  eval "$buildCommand"
else
  if [ -n "${src:-}" ] && [ -z "${dontUnpack:-}" ]; then runPhase unpackPhase; fi
  for phase in patchPhase configurePhase buildPhase checkPhase installPhase fixupPhase; do
    runPhase "$phase"
  done
fi
