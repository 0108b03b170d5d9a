{ overlays ? [ ], ... }@args:

let
  pkgs = import ./nix/nixpkgs.nix (args // {
    overlays = [ (import ./nix/overlays) ] ++ overlays;
  });
in
pkgs.bellows
