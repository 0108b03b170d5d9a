{
  sources ? import ./npins,
  pkgs ? import sources.nixpkgs { },
}:

pkgs.lib.makeOverridable (
  {
    metrics ? true,
  }:
  pkgs.callPackage ./pkgs/by-name/tu/turnpike/package.nix { inherit metrics; }
) { }
