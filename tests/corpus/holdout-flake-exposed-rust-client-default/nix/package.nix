{
  lib,
  rustPlatform,
  pkg-config,
  libpq,

  crate,
  revision ? "unknown",
  withPostgres ? false,
}:
let
  fs = lib.fileset;
  manifest = lib.importTOML (../crates + "/${crate}/Cargo.toml");
in
rustPlatform.buildRustPackage {
  pname = manifest.package.name;
  inherit ((lib.importTOML ../Cargo.toml).workspace.package) version;

  src = fs.toSource {
    root = ../.;
    fileset = fs.unions [
      ../Cargo.toml
      ../Cargo.lock
      (fs.fileFilter (file: file.hasExt "rs" || file.name == "Cargo.toml") ../crates)
    ];
  };

  cargoHash = "sha256-Zmws3oynohxeNwmGVmH6J8Z2eaxNqJ+z1rMxGPjykm4=";

  buildAndTestSubdir = "crates/${crate}";

  nativeBuildInputs = lib.optionals withPostgres [ pkg-config ];
  buildInputs = lib.optionals withPostgres [ libpq ];

  env.QUAYSTONE_REVISION = revision;

  meta = {
    inherit (manifest.package) description;
    license = lib.licenses.eupl12;
  };
}
