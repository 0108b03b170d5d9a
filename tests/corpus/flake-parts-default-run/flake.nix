{
  description = "Skylark, a weather page for glider pilots";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
    flake-parts.url = "github:hercules-ci/flake-parts";
    treefmt-nix.url = "github:numtide/treefmt-nix";
    treefmt-nix.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs = inputs@{ flake-parts, ... }:
    flake-parts.lib.mkFlake { inherit inputs; } {
      imports = [ inputs.treefmt-nix.flakeModule ];

      systems = [ "x86_64-linux" "aarch64-linux" ];

      perSystem = { config, self', pkgs, lib, ... }: {
        packages = {
          default = self'.packages.skylark;

          skylark = pkgs.rustPlatform.buildRustPackage {
            pname = "skylark";
            version = "0.9.2";
            src = lib.fileset.toSource {
              root = ./.;
              fileset = lib.fileset.unions [ ./Cargo.toml ./Cargo.lock ./src ];
            };
            cargoHash = "sha256-T0d5hZbXbNZB4oB0o9Yt3kz5Hq9yC1Yv3L1tTq8m2vQ=";
          };
        };

        treefmt = {
          projectRootFile = "flake.nix";
          programs.nixpkgs-fmt.enable = true;
          programs.rustfmt.enable = true;
        };

        devShells.default = pkgs.mkShell {
          inputsFrom = [ self'.packages.skylark config.treefmt.build.devShell ];
          packages = [ pkgs.rust-analyzer ];
        };
      };
    };
}
