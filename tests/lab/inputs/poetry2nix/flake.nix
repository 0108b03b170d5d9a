{
  description = "In place of nix-community/poetry2nix: names from pyproject.toml";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }:
    let make = import ./make.nix;
    in {
      lib.mkPoetry2Nix = { pkgs }: make pkgs;
      overlays.default = final: prev: { poetry2nix = make final; };
      overlay = final: prev: { poetry2nix = make final; } // make final;
      legacyPackages = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed (system: make nixpkgs.legacyPackages.${system});
    };
}
