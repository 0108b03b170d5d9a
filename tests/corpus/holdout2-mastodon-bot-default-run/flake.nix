{
  description = "Squallbot toots when the barometer falls";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    flake-parts.url = "github:hercules-ci/flake-parts";
    flake-parts.inputs.nixpkgs-lib.follows = "nixpkgs";
  };

  outputs = inputs@{ flake-parts, ... }:
    flake-parts.lib.mkFlake { inherit inputs; } ({ withSystem, ... }: {
      systems = [ "x86_64-linux" "aarch64-linux" ];

      perSystem = { self', lib, pkgs, ... }: {
        packages.default = self'.packages.squallbot;

        packages.squallbot = pkgs.rustPlatform.buildRustPackage {
          pname = "squallbot";
          version = (lib.importTOML ./Cargo.toml).package.version;
          src = lib.sourceFilesBySuffices ./. [ ".rs" ".toml" ".lock" ];
          cargoHash = "sha256-ce45+xzxxVz8YAbaDdqPErydi5dVdI8vwIpgkEx86tI=";
          nativeBuildInputs = [ pkgs.pkg-config ];
          buildInputs = [ pkgs.openssl ];
        };

        devShells.default = pkgs.mkShell {
          inputsFrom = [ self'.packages.squallbot ];
          packages = [ pkgs.clippy pkgs.rustfmt ];
        };
      };

      flake.nixosModules.default = { config, lib, pkgs, ... }: {
        options.services.squallbot.enable = lib.mkEnableOption "squallbot";
        config = lib.mkIf config.services.squallbot.enable {
          systemd.services.squallbot = {
            wantedBy = [ "multi-user.target" ];
            wants = [ "network-online.target" ];
            after = [ "network-online.target" ];
            serviceConfig = {
              EnvironmentFile = "/etc/squallbot.env";
              ExecStart = lib.getExe' (withSystem pkgs.stdenv.hostPlatform.system ({ config, ... }: config.packages.default)) "squall";
              Restart = "always";
            };
          };
        };
      };
    });
}
