{
  description = "Where the wrens nest";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  # gleam moves faster than the stable branch
  inputs.nixpkgs-unstable.url = "github:NixOS/nixpkgs/nixos-unstable";
  inputs.nix-gleam = {
    url = "github:arnarg/nix-gleam";
    inputs.nixpkgs.follows = "nixpkgs-unstable";
  };

  outputs = { self, nixpkgs, nixpkgs-unstable, nix-gleam, ... }:
    let
      system = "x86_64-linux";
      unstable = import nixpkgs-unstable { inherit system; overlays = [ nix-gleam.overlays.default ]; };
      pkgs = import nixpkgs {
        inherit system;
        overlays = [ (_: _: { inherit (unstable) gleam buildGleamApplication; }) ];
      };
    in
    {
      packages.${system}.default = pkgs.buildGleamApplication {
        src = ./.;
      };

      devShells.${system}.default = pkgs.mkShell {
        packages = [ pkgs.gleam pkgs.erlang pkgs.rebar3 ];
      };
    };
}
