{
  description = "ferrule, the walking club's notice board";

  inputs.nixpkgs.url = "nixpkgs/nixos-24.11";
  inputs.flake-utils.url = "github:numtide/flake-utils";

  outputs = { self, nixpkgs, flake-utils }:
    flake-utils.lib.eachSystem [ "x86_64-linux" "aarch64-darwin" ] (system:
      with nixpkgs.legacyPackages.${system};
      rec {
        packages.ferrule = buildNpmPackage {
          pname = "ferrule";
          version = (lib.importJSON ./package.json).version;

          src = nix-gitignore.gitignoreSourcePure [ "*.nix" "flake.lock" ".git" ] ./.;

          npmDepsHash = "sha256-+3thLZe6hon3jHz5TfikbNTMev/uYw5njKmUgsZTnog=";
          dontNpmBuild = true;
        };
        packages.default = packages.ferrule;

        apps.import = {
          type = "app";
          program = "${packages.ferrule}/bin/ferrule-import";
        };
        apps.board = {
          type = "app";
          program = "${packages.ferrule}/bin/ferrule-board";
        };

        devShells.default = mkShell { buildInputs = [ nodejs_22 nodePackages.prettier ]; };
      });
}
