{
  description = "In place of nix-community/fenix";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }:
    let
      make = pkgs:
        let
          toolchain = pkgs.stdenv.mkDerivation { pname = "rust"; version = "1.91.0"; };
          profile = { inherit toolchain; rustc = toolchain; cargo = toolchain; clippy = toolchain; withComponents = _: toolchain; };
        in {
          stable = profile;
          beta = profile;
          latest = profile;
          default = profile;
          minimal = profile;
          complete = profile;
          combine = _: toolchain;
          fromToolchainFile = _: toolchain;
          toolchainOf = _: profile;
          rust-analyzer = toolchain;
        };
    in {
      packages = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed (system: make nixpkgs.legacyPackages.${system});
      overlays.default = final: prev: { fenix = make final; };
    };
}
