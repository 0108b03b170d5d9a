{ self, ... }:
{
  perSystem =
    {
      pkgs,
      lib,
      config,
      ...
    }:
    let
      common = {
        version = "2.1.0+${self.shortRev or "dev"}";
        src = lib.fileset.toSource {
          root = ../.;
          fileset = lib.fileset.unions [
            ../go.mod
            ../cmd
          ];
        };
        vendorHash = null;
      };
    in
    {
      packages = {
        # What most people install.
        nestctl = pkgs.buildGo124Module (
          common
          // {
            pname = "nestctl";
            subPackages = [ "cmd/nestctl" ];
            meta = {
              description = "Look at nest boxes from a terminal";
              mainProgram = "nestctl";
            };
          }
        );

        nestboxd = pkgs.buildGo124Module (
          common
          // {
            pname = "nestbox-server";
            subPackages = [ "cmd/nestboxd" ];
          }
        );

        default = config.packages.nestctl;
      };
    };
}
