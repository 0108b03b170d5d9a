{ system ? builtins.currentSystem
, pkgs ? import ./nix/nixpkgs.nix { inherit system; }
}:

import ./nix { inherit pkgs; }
