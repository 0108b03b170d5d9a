{
  description = "In place of nix-community/gomod2nix";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }:
    let
      each = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed;
      make = pkgs: {
        buildGoApplication = given: pkgs.stdenv.mkDerivation given;
        mkGoEnv = given: pkgs.mkShell { name = "go-env"; };
        gomod2nix = pkgs.stdenv.mkDerivation { pname = "gomod2nix"; version = "1.7.0"; meta.mainProgram = "gomod2nix"; };
      };
    in {
      legacyPackages = each (system: make nixpkgs.legacyPackages.${system});
      packages = each (system: { default = self.legacyPackages.${system}.gomod2nix; });
      overlays.default = final: prev: make final;
    };
}
