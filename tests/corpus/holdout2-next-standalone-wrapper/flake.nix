{
  description = "Lanternpost: letters for the neighbourhood";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  inputs.systems.url = "github:nix-systems/default-linux";

  outputs = { self, nixpkgs, systems }:
    let
      eachSystem = f:
        nixpkgs.lib.genAttrs (import systems) (system: f (import nixpkgs {
          inherit system;
          overlays = [ self.overlays.default ];
        }));
    in
    {
      overlays.default = final: _: {
        lanternpost = final.callPackage ./nix/lanternpost.nix { };
      };

      packages = eachSystem (pkgs: {
        default = pkgs.lanternpost;
      });

      devShells = eachSystem (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ pkgs.lanternpost ];
          packages = [ pkgs.nodePackages.prettier ];
        };
      });
    };
}
