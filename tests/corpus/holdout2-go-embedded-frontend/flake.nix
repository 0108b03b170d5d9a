{
  description = "Brackenhub - a small forge for small teams";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      forAllSystems = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
      version = "0.9.${self.lastModifiedDate or "19700101"}-${self.shortRev or "dirty"}";
    in
    {
      packages = forAllSystems (pkgs: rec {
        frontend = pkgs.callPackage ./nix/frontend.nix { inherit version; };
        brackenhub = pkgs.callPackage ./nix/package.nix { inherit version frontend; };
        default = brackenhub;
      });

      overlays.default = final: _prev: {
        inherit (self.packages.${final.stdenv.hostPlatform.system}) brackenhub;
      };

      nixosModules.default = import ./nix/module.nix self;

      devShells = forAllSystems (pkgs: {
        default = pkgs.mkShell {
          packages = with pkgs; [
            go
            gopls
            golangci-lint
            nodejs
            git
          ];
        };
      });

      formatter = forAllSystems (pkgs: pkgs.nixfmt-rfc-style);
    };
}
