{
  description = "gantry: an image scaler for a shelf of Mac minis";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
  };

  outputs =
    { self, nixpkgs, ... }:
    let
      inherit (nixpkgs.lib) genAttrs;
      systems = import ./nix/systems.nix;
    in
    {
      packages = genAttrs systems.build (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        {
          default = pkgs.callPackage ./nix/gantry.nix { };
        }
      );

      # Editing works anywhere.
      devShells = genAttrs (systems.build ++ systems.edit) (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        {
          default = pkgs.mkShell {
            packages = [
              pkgs.cargo
              pkgs.rust-analyzer
              pkgs.rustfmt
            ];
          };
        }
      );
    };
}
