{
  description = "beacon - a status page that pages";

  inputs.haskellNix.url = "github:input-output-hk/haskell.nix";
  inputs.nixpkgs.follows = "haskellNix/nixpkgs-unstable";
  inputs.flake-utils.url = "github:numtide/flake-utils";

  outputs = { self, nixpkgs, flake-utils, haskellNix }:
    flake-utils.lib.eachSystem [ "x86_64-linux" "x86_64-darwin" ] (system:
      let
        pkgs = import nixpkgs {
          inherit system;
          inherit (haskellNix) config;
          overlays = [
            haskellNix.overlay
            (final: prev: {
              beacon = final.haskell-nix.cabalProject' {
                src = ./.;
                compiler-nix-name = "ghc966";
                modules = [{ packages.beacon.components.exes.beacon-web.dontStrip = false; }];
                shell.tools = {
                  cabal = { };
                  hlint = { };
                };
              };
            })
          ];
        };
        flake = pkgs.beacon.flake { };
      in
      flake // {
        packages = flake.packages // {
          default = flake.packages."beacon:exe:beacon-web";
        };
      });

  nixConfig = {
    extra-substituters = [ "https://cache.beacon-builds.example" ];
    extra-trusted-public-keys = [ "cache.beacon-builds.example:5nXbTq0gZ8kS2wG1xYpVn4cJt7LhR9aQeUdMfKiWzB0=" ];
    allow-import-from-derivation = true;
  };
}
