{
  description = "osprey cuts thumbnails of whatever lands on the queue";

  nixConfig = {
    extra-substituters = [ "https://osprey-ci.cachix.org" ];
    extra-trusted-public-keys = [ "osprey-ci.cachix.org-1:aUnO+MkHV2UEcXZ1TvEeM0KfQvYHfxy1cy/ZLIre8vE=" ];
  };

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
    systems.url = "github:nix-systems/default-linux";
    crane.url = "github:ipetkov/crane";
  };

  outputs = { self, nixpkgs, systems, crane, ... }:
    let
      eachSystem = f: nixpkgs.lib.genAttrs (import systems) (system: f pkgsFor.${system});
      pkgsFor = nixpkgs.lib.genAttrs (import systems) (system:
        import nixpkgs {
          localSystem.system = system;
          overlays = [ self.overlays.default ];
        });
    in
    {
      overlays = {
        default = import ./nix/overlay.nix { inherit crane; rev = self.rev or "dirty"; };
      };

      packages = eachSystem (pkgs: {
        default = pkgs.osprey;
        inherit (pkgs) osprey;
      });

      nixosModules.default = {
        imports = [ ./nix/module.nix ];
        nixpkgs.overlays = [ self.overlays.default ];
      };

      devShells = eachSystem (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ pkgs.osprey ];
          packages = [ pkgs.natscli pkgs.rust-analyzer ];
          NATS_URL = "nats://127.0.0.1:4222";
        };
      });
    };
}
