{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.poetry2nix.url = "github:nix-community/poetry2nix";
  outputs = { self, nixpkgs, poetry2nix }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
      inherit (poetry2nix.lib.mkPoetry2Nix { inherit pkgs; }) mkPoetryEnv mkPoetryApplication;
    in
    {
      packages.x86_64-linux = {
        default = mkPoetryEnv { projectDir = ./.; };
        site = mkPoetryApplication { projectDir = ./.; };
      };
    };
}
