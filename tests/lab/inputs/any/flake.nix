{
  description = "In place of an input that nothing more is known of";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      each = lib.genAttrs lib.systems.flakeExposed;
    in {
      lib = { };
      packages = each (system: { default = nixpkgs.legacyPackages.${system}.stdenv.mkDerivation { pname = "any"; version = "1.0"; }; });
      legacyPackages = each (system: { });
      overlays.default = final: prev: { };
      overlay = final: prev: { };
      flakeModule = { };
      flakeModules.default = { };
      nixosModules.default = { };
    };
}
