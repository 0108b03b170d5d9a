{
  description = "Tide gauge readings, as JSON";

  inputs = {
    nixpkgs.url = github:NixOS/nixpkgs/nixos-22.05;
    naersk.url  = github:nix-community/naersk;
    naersk.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs = { self, nixpkgs, naersk }: let
    system = "x86_64-linux";
    pkgs = import nixpkgs { inherit system; overlays = [ self.overlay ]; };
  in {
    # Used by the harbour's own machines, see nixosModule.
    overlay = final: prev: {
      tidegauge = naersk.lib.${final.system}.buildPackage {
        root = ./.;
        nativeBuildInputs = [ final.pkg-config ];
      };
    };

    defaultPackage.${system} = pkgs.tidegauge;

    nixosModule = { config, lib, pkgs, ... }: {
      options.services.tidegauge.enable = lib.mkEnableOption "the tide gauge";
      config = lib.mkIf config.services.tidegauge.enable {
        nixpkgs.overlays = [ self.overlay ];
        systemd.services.tidegauge = {
          wantedBy = [ "multi-user.target" ];
          environment.TIDE_LISTEN = "[::1]:8090";
          serviceConfig.ExecStart = "${pkgs.tidegauge}/bin/tidegauge-http";
          serviceConfig.DynamicUser = true;
        };
      };
    };

    devShell.${system} = pkgs.mkShell {
      buildInputs = with pkgs; [ cargo rustc rustfmt clippy ];
    };
  };
}
