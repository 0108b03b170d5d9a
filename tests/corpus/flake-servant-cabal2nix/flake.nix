{
  description = "apiary: hive records over a servant API";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";

  outputs = { self, nixpkgs }:
    let
      supported = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      perSystem = nixpkgs.lib.genAttrs supported;
      nixpkgsFor = perSystem (system: import nixpkgs {
        inherit system;
        overlays = [ self.overlay ];
      });
    in
    {
      overlay = final: prev: {
        haskellPackages = prev.haskellPackages.override (old: {
          overrides = final.lib.composeExtensions (old.overrides or (_: _: { })) (hfinal: hprev: {
            # The test suite wants a database.
            apiary = final.haskell.lib.dontCheck (hfinal.callCabal2nix "apiary" ./. { });
            # marked broken, but builds
            servant-openapi3 = final.haskell.lib.markUnbroken hprev.servant-openapi3;
          });
        });
        apiary = final.haskell.lib.justStaticExecutables final.haskellPackages.apiary;
      };

      packages = perSystem (system: {
        apiary = nixpkgsFor.${system}.apiary;
      });
      defaultPackage = perSystem (system: self.packages.${system}.apiary);

      checks = self.packages;

      devShell = perSystem (system:
        let hp = nixpkgsFor.${system}.haskellPackages; in
        hp.shellFor {
          packages = p: [ p.apiary ];
          withHoogle = true;
          buildInputs = with hp; [ cabal-install ghcid haskell-language-server ];
        });
    };
}
