{ pkgs ? import <nixpkgs> { } }:
pkgs.mkShell {
  packages = [ pkgs.go pkgs.gopls pkgs.pandoc ];
}
