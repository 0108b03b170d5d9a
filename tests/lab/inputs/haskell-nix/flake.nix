{
  description = "In place of input-output-hk/haskell.nix: the plan comes with being built";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }:
    let
      overlay = final: prev:
        let
          project = given: import (final.runCommand "plan-to-nix-pkgs" { } "echo '{ }' > $out");
        in {
          haskell-nix = { inherit project; cabalProject = project; cabalProject' = project; stackProject = project; haskellLib.cleanGit = { src, ... }: src; tool = _: _: _: final.haskellPackages.ghc; };
          haskell = prev.haskell;
        };
    in {
      inherit overlay;
      overlays.default = overlay;
      overlays.combined = overlay;
      config = { };
      legacyPackages = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed (system: import nixpkgs { inherit system; overlays = [ overlay ]; });
    };
}
