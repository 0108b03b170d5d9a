{
  description = "kelpline: when the ferry last came by";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    flake-utils.url = "github:numtide/flake-utils";
    flake-compat = {
      url = "github:edolstra/flake-compat";
      flake = false;
    };
  };

  outputs = { self, nixpkgs, flake-utils, ... }:
    flake-utils.lib.eachDefaultSystem
      (system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        {
          packages = {
            default = self.packages.${system}.kelpline;

            kelpline = pkgs.buildGoModule {
              pname = "kelpline";
              version = "1.0.3";
              src = ./.;
              subPackages = [ "cmd/kelpline-server" ];
              vendorHash = null;
            };

            kelpline-ctl = pkgs.buildGoModule {
              pname = "kelpline-ctl";
              version = "1.0.3";
              src = ./.;
              subPackages = [ "cmd/kelplinectl" ];
              vendorHash = null;
            };
          };

          devShells.default = pkgs.mkShell {
            packages = with pkgs; [ go gopls ];
          };
        })
    // {
      nixosModules.default = { config, lib, pkgs, ... }: {
        options.services.kelpline.enable = lib.mkEnableOption "kelpline";
        config = lib.mkIf config.services.kelpline.enable {
          systemd.services.kelpline = {
            wantedBy = [ "multi-user.target" ];
            environment.PORT = "4040";
            serviceConfig = {
              ExecStart = "${self.packages.${pkgs.system}.kelpline}/bin/kelpline-server watch";
              DynamicUser = true;
            };
          };
        };
      };
    };
}
