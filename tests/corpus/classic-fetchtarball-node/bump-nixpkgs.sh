#!/usr/bin/env bash
# Prints the two lines to put into default.nix.
set -euo pipefail
rev=$(git ls-remote https://github.com/NixOS/nixpkgs nixos-25.05 | cut -f1)
echo "url = \"https://github.com/NixOS/nixpkgs/archive/$rev.tar.gz\";"
echo "sha256 = \"$(nix-prefetch-url --unpack "https://github.com/NixOS/nixpkgs/archive/$rev.tar.gz")\";"
