{
  description = "tollhouse: bridge tolls";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    flake-parts.url = "github:hercules-ci/flake-parts";
    process-compose-flake.url = "github:Platonic-Systems/process-compose-flake";
    gomod2nix = {
      url = "github:nix-community/gomod2nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = inputs@{ self, flake-parts, ... }:
    flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ "x86_64-linux" "aarch64-darwin" ];

      imports = [ inputs.process-compose-flake.flakeModule ];

      perSystem = { config, self', inputs', pkgs, lib, ... }: {
        packages.tollhouse = inputs'.gomod2nix.legacyPackages.buildGoApplication {
          pname = "tollhouse";
          version = "0.8.0";
          pwd = ./.;
          src = ./.;
          modules = ./gomod2nix.toml;
          subPackages = [ "cmd/tollkeeper" ];
        };

        # `nix run` starts all of it: this is packages.default
        process-compose."default".settings = {
          environment.DATABASE_URL = "postgres:///tolls?host=/tmp/tollhouse";
          processes = {
            postgres = {
              command = ''
                mkdir -p /tmp/tollhouse
                [ -d .pg ] || ${pkgs.postgresql}/bin/initdb -D .pg
                exec ${pkgs.postgresql}/bin/postgres -D .pg -k /tmp/tollhouse
              '';
              readiness_probe.exec.command = "${pkgs.postgresql}/bin/pg_isready -h /tmp/tollhouse";
            };
            tollkeeper = {
              command = lib.getExe' self'.packages.tollhouse "tollkeeper";
              depends_on.postgres.condition = "process_healthy";
            };
          };
        };

        devShells.default = pkgs.mkShell {
          packages = [ pkgs.go inputs'.gomod2nix.packages.default config.packages.default ];
        };
      };
    };
}
