self:
{ config, lib, pkgs, ... }:
let
  cfg = config.services.ferryman;
in
{
  options.services.ferryman = {
    enable = lib.mkEnableOption "ferryman";
    package = lib.mkOption {
      type = lib.types.package;
      default = self.packages.${pkgs.stdenv.hostPlatform.system}.ferryman;
    };
    listen = lib.mkOption {
      type = lib.types.str;
      default = "0.0.0.0:7070";
    };
  };

  config = lib.mkIf cfg.enable {
    systemd.services.ferryman = {
      description = "file drops that expire";
      after = [ "network.target" ];
      wantedBy = [ "multi-user.target" ];
      environment.FERRYMAN_LISTEN = cfg.listen;
      serviceConfig = {
        ExecStart = "${cfg.package}/bin/ferryman depart";
        DynamicUser = true;
        StateDirectory = "ferryman";
        WorkingDirectory = "/var/lib/ferryman";
      };
    };
  };
}
