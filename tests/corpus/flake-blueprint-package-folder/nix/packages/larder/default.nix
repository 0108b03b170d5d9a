{ pkgs, pname, ... }:
pkgs.callPackage ./package.nix { inherit pname; }
