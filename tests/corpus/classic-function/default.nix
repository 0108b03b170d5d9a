{ pkgs ? import <nixpkgs> { } }:
pkgs.stdenv.mkDerivation rec {
  pname = "tally";
  version = "1.2";
  src = ./.;
  meta.mainProgram = "tallyd";
}
