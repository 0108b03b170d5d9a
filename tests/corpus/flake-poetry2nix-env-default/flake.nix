{
  description = "choirbook: who sings what on Sunday";

  inputs = {
    flake-utils.url = "github:numtide/flake-utils";
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";
    poetry2nix = {
      url = "github:nix-community/poetry2nix";
      inputs.nixpkgs.follows = "nixpkgs";
      inputs.flake-utils.follows = "flake-utils";
    };
  };

  outputs = { self, nixpkgs, flake-utils, poetry2nix }:
    flake-utils.lib.eachSystem [ "x86_64-linux" "aarch64-darwin" ] (system:
      let
        pkgs = nixpkgs.legacyPackages.${system};
        inherit (poetry2nix.lib.mkPoetry2Nix { inherit pkgs; })
          mkPoetryApplication mkPoetryEnv defaultPoetryOverrides;

        overrides = defaultPoetryOverrides.extend (final: prev: {
          waitress = prev.waitress.overridePythonAttrs (old: {
            buildInputs = (old.buildInputs or [ ]) ++ [ final.setuptools ];
          });
        });
      in {
        packages = {
          # everybody on the team wants a python with the libraries first
          default = mkPoetryEnv {
            projectDir = self;
            python = pkgs.python311;
            inherit overrides;
          };

          choirbook = mkPoetryApplication {
            projectDir = self;
            python = pkgs.python311;
            inherit overrides;
          };
        };

        devShells.default = pkgs.mkShell {
          packages = [ self.packages.${system}.default pkgs.poetry ];
        };
      });
}
