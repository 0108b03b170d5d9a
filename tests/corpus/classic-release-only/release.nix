# Jobs for the build farm.
{ nixpkgs ? <nixpkgs>, system ? "x86_64-linux" }:

let
  pkgs = import nixpkgs { inherit system; };

  parcelwatch = pkgs.buildGoModule {
    pname = "parcelwatch";
    version = "0.9.2";
    src = ./.;
    vendorHash = null;
    subPackages = [ "cmd/parcelwatch" ];
  };
in
{
  inherit parcelwatch;

  manual = pkgs.runCommand "parcelwatch-manual" { nativeBuildInputs = [ pkgs.pandoc ]; } ''
    mkdir -p $out/share/doc
    pandoc ${./manual/index.md} -o $out/share/doc/index.html
  '';

  shell = import ./shell.nix { inherit pkgs; };
}
