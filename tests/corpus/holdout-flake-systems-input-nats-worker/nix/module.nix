{ config, lib, pkgs, ... }:

let cfg = config.services.osprey; in
{
  options.services.osprey = {
    enable = lib.mkEnableOption "the thumbnail cutter";
    package = lib.mkPackageOption pkgs "osprey" { };
    natsUrl = lib.mkOption {
      type = lib.types.str;
      example = "nats://queue.internal:4222";
    };
  };

  config = lib.mkIf cfg.enable {
    systemd.services.osprey = {
      wantedBy = [ "multi-user.target" ];
      after = [ "network-online.target" ];
      wants = [ "network-online.target" ];
      environment.NATS_URL = cfg.natsUrl;
      serviceConfig = {
        ExecStart = "${cfg.package}/bin/osprey-cutter consume";
        DynamicUser = true;
        Restart = "always";
      };
    };
  };
}
