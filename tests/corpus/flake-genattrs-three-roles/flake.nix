{
  description = "kilnwatch keeps an eye on pottery kilns";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
  };

  outputs = { self, nixpkgs, ... }: let
    inherit (nixpkgs) lib;
    supportedSystems = ["x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin"];
    forAllSystems = lib.genAttrs supportedSystems;
    nixpkgsFor = forAllSystems (system: import nixpkgs {inherit system;});

    crate = pkgs: name: extra:
      pkgs.rustPlatform.buildRustPackage ({
          pname = name;
          version = (lib.importTOML ./Cargo.toml).workspace.package.version;
          src = lib.cleanSource self;
          cargoLock.lockFile = ./Cargo.lock;
          cargoBuildFlags = ["-p" name];
          cargoTestFlags = ["-p" name];
        }
        // extra);
  in {
    packages = forAllSystems (system: let
      pkgs = nixpkgsFor.${system};
    in {
      migrate = crate pkgs "kiln-schema" {};
      server = crate pkgs "kiln-http" {};
      worker = crate pkgs "kiln-queue" {
        doCheck = false; # needs a Redis
      };
    });

    checks = forAllSystems (system: {
      inherit (self.packages.${system}) server worker;
    });

    devShells = forAllSystems (system: {
      default = nixpkgsFor.${system}.mkShell {
        inputsFrom = builtins.attrValues self.packages.${system};
        packages = [nixpkgsFor.${system}.redis];
      };
    });

    formatter = forAllSystems (system: nixpkgsFor.${system}.alejandra);
  };
}
