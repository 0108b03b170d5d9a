{ config, lib, ... }:
{
  systemd.services.gatepost.serviceConfig = lib.mkIf config.services.gatepost.enable {
    DynamicUser = true;
    ProtectSystem = "strict";
    NoNewPrivileges = true;
  };
}
