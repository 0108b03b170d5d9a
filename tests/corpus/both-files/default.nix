{ pkgs ? import <nixpkgs> { } }:
pkgs.buildGoModule {
  pname = "both";
  version = "1.0.0";
  src = pkgs.lib.cleanSource ./.;
  vendorHash = null;
}
