{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    flake-parts.url = "github:hercules-ci/flake-parts";
  };

  outputs = inputs @ {
    flake-parts,
    nixpkgs,
    ...
  }: let
    inherit (nixpkgs) lib;
    # every nix/*.nix is a module of this flake
    modulesIn = dir:
      map (name: dir + "/${name}")
      (builtins.filter (lib.hasSuffix ".nix") (builtins.attrNames (builtins.readDir dir)));
  in
    flake-parts.lib.mkFlake {inherit inputs;} {
      systems = lib.systems.flakeExposed;
      imports = modulesIn ./nix;
    };
}
