{
  description = "In place of zaninime/sbt-derivation";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }: {
    mkSbtDerivation = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed (system: given: nixpkgs.legacyPackages.${system}.stdenv.mkDerivation given);
    overlays.default = final: prev: { mkSbtDerivation = final.stdenv.mkDerivation; sbt.mkDerivation = final.stdenv.mkDerivation; };
  };
}
