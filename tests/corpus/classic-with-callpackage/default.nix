{ pkgs ? import <nixpkgs> {} }:
with pkgs;
callPackage ./package.nix {}
