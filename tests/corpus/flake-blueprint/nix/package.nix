{ pkgs, ... }:
pkgs.rustPlatform.buildRustPackage {
  pname = "pebblemap";
  version = "0.2.0";
  src = ../.;
  cargoLock.lockFile = ../Cargo.lock;
  postInstall = ''
    mv $out/bin/pebblemap $out/bin/pebblemapd
  '';
}
