{ withSystem, ... }:
{
  flake.nixosModules.default = { config, lib, pkgs, ... }:
    let
      cfg = config.services.icecellar;
    in
    {
      options.services.icecellar = {
        enable = lib.mkEnableOption "the Icecellar binary cache";
        package = lib.mkOption {
          type = lib.types.package;
          default = withSystem pkgs.stdenv.hostPlatform.system ({ self', ... }: self'.packages.cellar-server);
        };
        environmentFile = lib.mkOption { type = lib.types.path; };
      };

      config = lib.mkIf cfg.enable {
        systemd.services.icecellar = {
          wantedBy = [ "multi-user.target" ];
          after = [ "postgresql.service" ];
          serviceConfig = {
            ExecStart = "${lib.getExe' cfg.package "icecellard"} serve";
            ExecStartPre = "${lib.getExe' cfg.package "icecellard"} migrate";
            EnvironmentFile = cfg.environmentFile;
            DynamicUser = true;
          };
        };
      };
    };
}
