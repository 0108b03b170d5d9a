{
  description = "Icecellar keeps build results cool";

  nixConfig = {
    extra-substituters = [ "https://cellar.icehouse.example/icecellar" ];
    extra-trusted-public-keys = [ "icecellar:7Qk0s2uZ1dJ8q3yR5mVxw9TzB4nLhGfCpEaYtKoXjWM=" ];
  };

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    flake-parts = {
      url = "github:hercules-ci/flake-parts";
      inputs.nixpkgs-lib.follows = "nixpkgs";
    };
  };

  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    imports = [
      ./nix/packages.nix
      ./nix/nixos.nix
      ./nix/shell.nix
    ];
    systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];
  };
}
