{
  description = "In place of ipetkov/crane: a package's name and version from Cargo.toml";

  outputs = _: {
    mkLib = pkgs:
      let
        fromManifest = { src, cargoToml ? src + "/Cargo.toml", ... }:
          let manifest = builtins.fromTOML (builtins.readFile cargoToml); workspace = manifest.workspace.package or { };
          in {
            pname = manifest.package.name or manifest.workspace.metadata.crane.name or "cargo-package";
            version = let v = manifest.package.version or workspace.version or "0.0.1"; in if builtins.isString v then v else workspace.version or "0.0.1";
          };
        names = given: (if given ? pname && given ? version then { } else fromManifest given) // given;
        build = suffix: given: let n = names given; in
          pkgs.stdenv.mkDerivation (removeAttrs given [ "name" ] // { pname = n.pname + suffix; inherit (n) version; });
        self = {
          buildPackage = build "";
          mkCargoDerivation = build "";
          buildDepsOnly = build "-deps";
          cargoBuild = build "-build";
          cargoClippy = build "-clippy";
          cargoDoc = build "-doc";
          cargoFmt = build "-fmt";
          cargoNextest = build "-nextest";
          cargoTest = build "-test";
          cargoAudit = build "-audit";
          cargoDeny = build "-deny";
          taploFmt = build "-taplo";
          cleanCargoSource = src: src;
          path = src: src;
          filterCargoSources = path: type: true;
          crateNameFromCargoToml = fromManifest;
          vendorCargoDeps = given: pkgs.stdenv.mkDerivation { name = "vendor-cargo-deps"; };
          devShell = given: pkgs.mkShell { };
          fileset = { commonCargoSources = src: src; cargoTomlAndLock = src: src; rust = src: src; };
          overrideToolchain = _: self;
          overrideScope = _: self;
        };
      in self;
  };
}
