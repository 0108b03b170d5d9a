self:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.brackenhub;
in
{
  options.services.brackenhub = {
    enable = lib.mkEnableOption "the Brackenhub forge";
    package = lib.mkOption {
      type = lib.types.package;
      default = self.packages.${pkgs.stdenv.hostPlatform.system}.default;
    };
    port = lib.mkOption {
      type = lib.types.port;
      default = 3000;
    };
  };

  config = lib.mkIf cfg.enable {
    systemd.services.brackenhub = {
      description = "Brackenhub forge";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      environment.BRACKEN_HTTP_PORT = toString cfg.port;
      environment.BRACKEN_DATA = "/var/lib/brackenhub";
      serviceConfig = {
        ExecStart = "${cfg.package}/bin/hub web";
        StateDirectory = "brackenhub";
        DynamicUser = true;
      };
    };
  };
}
