{ config, lib, pkgs, ... }:

with lib;

let
  cfg = config.services.gatepost;

  settingsFile = pkgs.writeText "gatepost.json" (builtins.toJSON {
    inherit (cfg) listen upstreams;
  });
in
{
  imports = [ ./hardening.nix ];

  options.services.gatepost = {
    enable = mkEnableOption "the gatepost reverse proxy";

    package = mkOption {
      type = types.package;
      default = pkgs.caddy;
      defaultText = literalExpression "pkgs.caddy";
      description = "Which proxy runs behind the gatepost settings.";
    };

    listen = mkOption {
      type = types.str;
      default = "0.0.0.0:8443";
    };

    upstreams = mkOption {
      type = types.attrsOf types.str;
      default = { };
      example = { "garden.example" = "127.0.0.1:3001"; };
    };
  };

  config = mkIf cfg.enable {
    systemd.services.gatepost = {
      description = "gatepost reverse proxy";
      wantedBy = [ "multi-user.target" ];
      after = [ "network-online.target" ];
      wants = [ "network-online.target" ];
      serviceConfig.ExecStart = "${cfg.package}/bin/caddy run --config ${settingsFile}";
    };

    networking.firewall.allowedTCPPorts = [ 8443 ];
  };
}
