{
  lib,
  rustPlatform,
}:
rustPlatform.buildRustPackage {
  pname = "ferry-times";
  version = "2.0.1";

  src = lib.cleanSource ./.;
  cargoLock.lockFile = ./Cargo.lock;

  meta.description = "Departures of the harbour ferries as JSON";
}
