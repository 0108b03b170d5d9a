{ self, ... }:
{
  flake.nixosModules.default =
    {
      config,
      lib,
      pkgs,
      ...
    }:
    let
      cfg = config.services.nestbox;
    in
    {
      options.services.nestbox = {
        enable = lib.mkEnableOption "the nest box server";
        package = lib.mkOption {
          type = lib.types.package;
          default = self.packages.${pkgs.stdenv.hostPlatform.system}.nestboxd;
        };
      };
      config.systemd.services.nestbox = lib.mkIf cfg.enable {
        wantedBy = [ "multi-user.target" ];
        environment.PORT = "7030";
        serviceConfig = {
          ExecStart = "${cfg.package}/bin/nestboxd serve";
          DynamicUser = true;
        };
      };
    };
}
