let
  # nixos-24.05, as of late summer
  nixpkgs = builtins.fetchTarball {
    name = "nixos-24.05";
    url = "https://github.com/NixOS/nixpkgs/archive/ab9349a21a446631604259cf0a819b9dea3d89bb.tar.gz";
    sha256 = "13bjs95dh7hz7spn82q0mz1349dbracdpiqila2gr5kzlcr57s8m";
  };
in
import nixpkgs
