{
  lib,
  rustPlatform,
  apple-sdk_15,
}:

rustPlatform.buildRustPackage {
  pname = "gantry";
  version = "0.2.0";

  src = lib.cleanSource ../.;
  cargoHash = "sha256-epnjCGxCl+C28iK0NCz7/Snv+2GkJ8YdtB3zI8/I55Q=";

  buildInputs = [ apple-sdk_15 ];

  meta = {
    mainProgram = "gantry";
    platforms = lib.platforms.darwin;
  };
}
