{
  description = "Departures of the ferry, for the screen at the pier";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-23.05";
  inputs.poetry2nix = {
    url = "github:nix-community/poetry2nix";
    inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs = {
    self,
    nixpkgs,
    poetry2nix,
  }: let
    system = "x86_64-linux";
    pkgs = import nixpkgs {
      inherit system;
      overlays = [poetry2nix.overlays.default self.overlays.default];
    };
  in {
    overlays.default = final: prev: {
      ferryboard = final.callPackage ./ferryboard.nix {};
    };

    packages.${system}.default = pkgs.ferryboard;

    devShells.${system}.default = pkgs.mkShell {
      buildInputs = [pkgs.poetry pkgs.ferryboard.dependencyEnv];
    };
  };
}
