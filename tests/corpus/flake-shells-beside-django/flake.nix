{
  description = "Tool library: who has the cement mixer";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    flake-utils.url = "github:numtide/flake-utils";
  };

  outputs = { self, nixpkgs, flake-utils, ... }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = nixpkgs.legacyPackages.${system};
        python = pkgs.python312.withPackages (ps: with ps; [ django psycopg gunicorn ]);
      in
      {
        devShells = {
          default = pkgs.mkShell {
            packages = [ python pkgs.postgresql pkgs.just ];
            shellHook = ''
              export DJANGO_SETTINGS_MODULE=toollib.settings
              export PGDATA=$PWD/.pg
            '';
          };

          ci = pkgs.mkShell {
            packages = [ python pkgs.ruff ];
          };
        };

        checks.lint = pkgs.runCommand "ruff" { nativeBuildInputs = [ pkgs.ruff ]; } ''
          ruff check --no-cache ${./.}
          touch $out
        '';

        formatter = pkgs.alejandra;
      });
}
