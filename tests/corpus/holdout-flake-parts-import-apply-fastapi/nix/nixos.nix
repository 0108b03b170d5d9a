{ withSystem }:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.brambling;
in
{
  options.services.brambling = {
    enable = lib.mkEnableOption "brambling";
    environmentFile = lib.mkOption { type = lib.types.path; };
    port = lib.mkOption {
      type = lib.types.port;
      default = 8000;
    };
  };

  config = lib.mkIf cfg.enable {
    systemd.services.brambling = {
      wantedBy = [ "multi-user.target" ];
      environment.PORT = toString cfg.port;
      serviceConfig = {
        ExecStart = withSystem pkgs.stdenv.hostPlatform.system (
          { config, ... }: "${config.packages.brambling}/bin/brambling serve"
        );
        EnvironmentFile = cfg.environmentFile;
        DynamicUser = true;
        StateDirectory = "brambling";
      };
    };
  };
}
