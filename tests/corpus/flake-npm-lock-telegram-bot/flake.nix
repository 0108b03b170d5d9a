{
  description = "A Telegram bot that keeps the shopping list of a shared flat";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    systems.url = "github:nix-systems/default-linux";
  };

  outputs = { self, nixpkgs, systems, ... }:
    let
      inherit (nixpkgs) lib;
      forEach = f: lib.genAttrs (import systems) (s: f nixpkgs.legacyPackages.${s});
    in {
      packages = forEach (pkgs: rec {
        trolleybot = pkgs.callPackage ./package.nix { };
        default = trolleybot;
      });

      nixosModules.default = { config, lib, pkgs, ... }:
        let cfg = config.services.trolleybot;
        in {
          options.services.trolleybot = {
            enable = lib.mkEnableOption "the shopping list bot";
            tokenFile = lib.mkOption { type = lib.types.path; };
          };
          config = lib.mkIf cfg.enable {
            systemd.services.trolleybot = {
              wantedBy = [ "multi-user.target" ];
              serviceConfig = {
                DynamicUser = true;
                EnvironmentFile = cfg.tokenFile;
                ExecStart = lib.getExe self.packages.${pkgs.system}.default;
              };
            };
          };
        };

      devShells = forEach (pkgs: {
        default = pkgs.mkShell {
          packages = [ pkgs.importNpmLock.hooks.linkNodeModulesHook pkgs.nodejs ];
          npmDeps = pkgs.importNpmLock.buildNodeModules {
            npmRoot = ./.;
            inherit (pkgs) nodejs;
          };
        };
      });
    };
}
