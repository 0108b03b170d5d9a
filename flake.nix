{
  description = "nixdyno puts any Nix app on Heroku with one command";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      eachSystem = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = eachSystem (pkgs: rec {
        default = nixdyno;
        nixdyno = pkgs.callPackage ./package.nix { };
      });

      apps = eachSystem (pkgs: {
        default = {
          type = "app";
          program = "${self.packages.${pkgs.stdenv.hostPlatform.system}.default}/bin/nixdyno";
          meta.description = "Put any Nix app on Heroku with one command";
        };
      });

      devShells = eachSystem (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ self.packages.${pkgs.stdenv.hostPlatform.system}.default ];
          packages = [
            pkgs.cargo-deny
            pkgs.cargo-insta
            pkgs.clippy
            pkgs.rust-analyzer
            pkgs.rustfmt
            pkgs.shellcheck
          ];
        };
      });

      checks = eachSystem (
        pkgs:
        let
          package = self.packages.${pkgs.stdenv.hostPlatform.system}.default;
        in
        {
          # Builds it and runs the fast ring.
          inherit package;

          # The program, as it is installed, starts and says its version.
          runs = pkgs.runCommand "nixdyno-runs" { nativeBuildInputs = [ package ]; } ''
            [ "$(nixdyno --version)" = "nixdyno ${package.version}" ]
            touch $out
          '';

          format =
            pkgs.runCommand "nixdyno-format"
              {
                nativeBuildInputs = [
                  pkgs.cargo
                  pkgs.rustfmt
                ];
              }
              ''
                cd ${package.src}
                cargo fmt --all --check
                touch $out
              '';
        }
      );

      formatter = eachSystem (pkgs: pkgs.nixfmt-tree);
    };
}
