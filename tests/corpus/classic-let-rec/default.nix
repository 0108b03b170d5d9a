let
  pkgs = import (fetchTarball "https://github.com/NixOS/nixpkgs/archive/nixos-25.11.tar.gz") { };
in
rec {
  inherit pkgs;
  lib = pkgs.lib;
  web = pkgs.writers.writePython3Bin "web" { } ./web.py;
}
