{
  description = "Quaystone: berth bookings for small harbours";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;

      forEachSystem =
        f:
        lib.genAttrs lib.systems.flakeExposed (
          system: f system nixpkgs.legacyPackages.${system}
        );

      revision = self.shortRev or self.dirtyShortRev or "unknown";
    in
    {
      packages = forEachSystem (
        system: pkgs: {
          # What `nix run` gives to a harbour office: the command line.
          default = self.packages.${system}.qs;

          qs = pkgs.callPackage ./nix/package.nix {
            crate = "qs";
            inherit revision;
          };

          api = pkgs.callPackage ./nix/package.nix {
            crate = "quaystone-api";
            withPostgres = true;
            inherit revision;
          };
        }
      );

      checks = forEachSystem (
        system: pkgs: {
          inherit (self.packages.${system}) qs api;

          format = pkgs.runCommand "quaystone-format" { nativeBuildInputs = [ pkgs.rustfmt ]; } ''
            find ${./crates} -name '*.rs' -exec rustfmt --check --edition 2021 {} +
            touch $out
          '';
        }
      );

      devShells = forEachSystem (
        system: pkgs: {
          default = pkgs.mkShell {
            inputsFrom = [ self.packages.${system}.api ];
            packages = [
              pkgs.clippy
              pkgs.rust-analyzer
              pkgs.sqlx-cli
            ];
          };
        }
      );

      formatter = forEachSystem (_: pkgs: pkgs.nixfmt-rfc-style);
    };
}
