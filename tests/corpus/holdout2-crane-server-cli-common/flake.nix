{
  description = "pagewarden, keeps your bookmarks readable after the pages are gone";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    flake-utils.url = "github:numtide/flake-utils";
    crane.url = "github:ipetkov/crane";
    rust-overlay = {
      url = "github:oxalica/rust-overlay";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = { nixpkgs, flake-utils, crane, rust-overlay, ... }:
    flake-utils.lib.eachSystem [ "x86_64-linux" "aarch64-linux" ] (system:
      let
        pkgs = import nixpkgs {
          inherit system;
          overlays = [ rust-overlay.overlays.default ];
        };
        inherit (pkgs) lib;

        toolchain = pkgs.rust-bin.stable.latest.default.override {
          extensions = [ "rust-src" "rust-analyzer" ];
        };
        craneLib = (crane.mkLib pkgs).overrideToolchain toolchain;

        src = lib.cleanSourceWith {
          src = ./.;
          name = "pagewarden-source";
          # sqlx wants the migrations at compile time
          filter = path: type:
            (lib.hasInfix "/migrations/" path) || (craneLib.filterCargoSources path type);
        };

        common = {
          inherit src;
          version = "1.4.1";
          strictDeps = true;
          nativeBuildInputs = [ pkgs.pkg-config ];
          buildInputs = [ pkgs.openssl ];
        };

        cargoArtifacts = craneLib.buildDepsOnly (common // { pname = "pagewarden-deps"; });

        crate = { member, ... }@args:
          craneLib.buildPackage (common // {
            pname = "pagewarden-${member}";
            inherit cargoArtifacts;
            cargoExtraArgs = "--locked -p pagewarden-${member}";
            doCheck = false;
          } // builtins.removeAttrs args [ "member" ]);

        frontend = pkgs.buildNpmPackage {
          pname = "pagewarden-frontend";
          version = "1.4.1";
          src = ./frontend;
          npmDepsHash = "sha256-OGp0QwbZ9lneAPy8TWQNgpP60GEj/GYvqgJ3G70Nk0Q=";
          installPhase = "cp -r build $out";
        };

        server = crate {
          member = "server";
          nativeBuildInputs = [ pkgs.pkg-config pkgs.makeWrapper ];
          postInstall = ''
            wrapProgram $out/bin/pagewarden \
              --set-default PAGEWARDEN_ASSETS ${frontend} \
              --prefix PATH : ${lib.makeBinPath [ pkgs.monolith ]}
          '';
        };

        cli = crate { member = "cli"; };
      in
      {
        packages = {
          inherit server cli frontend;
          default = server;
        };

        checks = {
          inherit server cli;
          clippy = craneLib.cargoClippy (common // {
            pname = "pagewarden";
            inherit cargoArtifacts;
            cargoClippyExtraArgs = "--all-targets -- -D warnings";
          });
        };

        devShells.default = craneLib.devShell {
          packages = with pkgs; [ sqlx-cli nodejs monolith postgresql ];
          DATABASE_URL = "postgres://localhost/pagewarden_dev";
        };
      });
}
