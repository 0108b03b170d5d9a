let
  pkgs = import (fetchTarball "https://github.com/NixOS/nixpkgs/archive/nixos-25.11.tar.gz") { };
in
rec {
  inherit pkgs;
  lib = pkgs.lib;

  storefront = pkgs.writers.writePython3Bin "storefront" { flakeIgnore = [ "E501" ]; } ./storefront.py;
  backoffice = pkgs.writers.writePython3Bin "backoffice" { flakeIgnore = [ "E501" ]; } ./backoffice.py;
}
