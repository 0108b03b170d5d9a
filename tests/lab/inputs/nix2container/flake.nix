{
  description = "In place of nlewo/nix2container";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }: {
    packages = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed (system:
      let pkgs = nixpkgs.legacyPackages.${system};
      in {
        nix2container = {
          buildImage = given: pkgs.stdenv.mkDerivation { name = "image-${baseNameOf given.name}.json"; passthru = { imageName = given.name; imageTag = given.tag or null; }; };
          buildLayer = given: pkgs.stdenv.mkDerivation { name = "layers.json"; };
          pullImage = given: pkgs.stdenv.mkDerivation { name = "image"; };
        };
      });
  };
}
