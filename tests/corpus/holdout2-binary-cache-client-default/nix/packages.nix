{ lib, ... }:
{
  perSystem = { self', pkgs, ... }:
    let
      crate = { member, description }: pkgs.rustPlatform.buildRustPackage {
        pname = "icecellar-${member}";
        version = "0.3.0";
        src = lib.fileset.toSource {
          root = ../.;
          fileset = lib.fileset.unions [ ../Cargo.toml ../Cargo.lock ../client ../server ../token ];
        };
        cargoHash = "sha256-peUbJfqlKhb/2DjF9YTqdvp3RHe6w23kz2zCXMYnt5I=";
        buildAndTestSubdir = member;
        meta = { inherit description; };
      };
    in
    {
      packages = {
        default = self'.packages.cellar;

        cellar = crate {
          member = "client";
          description = "Pushes store paths to an Icecellar";
        };

        cellar-server = crate {
          member = "server";
          description = "Binary cache server";
        };
      } // lib.optionalAttrs pkgs.stdenv.isLinux {
        cellar-server-image = pkgs.dockerTools.buildLayeredImage {
          name = "icecellar";
          tag = "latest";
          contents = [ pkgs.cacert self'.packages.cellar-server ];
          config = {
            Entrypoint = [ "/bin/icecellard" ];
            Cmd = [ "serve" ];
            ExposedPorts."8070/tcp" = { };
          };
        };
      };
    };
}
