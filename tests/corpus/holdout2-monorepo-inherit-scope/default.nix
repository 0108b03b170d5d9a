{ system ? builtins.currentSystem
, pkgs ? import ./nix/pkgs.nix { inherit system; }
}:

{
  inherit (pkgs.thornbury) api worker web;
}
