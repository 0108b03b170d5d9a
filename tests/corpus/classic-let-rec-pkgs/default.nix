let
  nixpkgs = fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/0719d2b889d4e7cc1cc498458ee02e31e5a4f8e7.tar.gz";
    sha256 = "sha256:00c6x9v5vij01245hvh6shlcs8gbkh0r2kaqhzgi4v0j632q4anc";
  };
  pkgs = import nixpkgs { config = { }; overlays = [ ]; };
  inherit (pkgs) lib;
in
rec {
  inherit pkgs lib;

  mossbook = pkgs.buildGoModule {
    pname = "mossbook";
    version = "0.12.0";
    src = lib.sourceByRegex ./. [ "go.mod" ".*\\.go" "static(/.*)?" "templates(/.*)?" "config(/.*)?" ];
    vendorHash = null;
    postInstall = ''
      mkdir -p $out/share/mossbook
      cp -r static templates config $out/share/mossbook/
    '';
  };

  image = pkgs.dockerTools.buildLayeredImage {
    name = "mossbook";
    config = {
      Cmd = [ "${mossbook}/bin/mossbookd" ];
      WorkingDir = "${mossbook}/share/mossbook";
    };
  };

  shell = pkgs.mkShell {
    inputsFrom = [ mossbook ];
    packages = [ pkgs.gopls ];
  };
}
