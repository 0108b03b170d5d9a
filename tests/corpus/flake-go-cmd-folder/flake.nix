{
  description = "Weir gate control";

  inputs.nixpkgs.url = "nixpkgs/nixos-24.11";
  inputs.flake-utils.url = "github:numtide/flake-utils";

  outputs = { self, nixpkgs, flake-utils }:
    flake-utils.lib.eachDefaultSystem (system:
      let pkgs = import nixpkgs { inherit system; };
      in {
        packages.default = pkgs.buildGoModule rec {
          pname = "weir";
          version = "1.7.3";
          src = ./.;
          vendorHash = null;
          ldflags = [ "-X main.version=${version}" ];

          # the pages and the style sheet are read at run time
          postInstall = ''
            mkdir -p $out/share/weir
            cp -r static $out/share/weir/
          '';
        };

        devShells.default = pkgs.mkShell { packages = [ pkgs.go_1_23 pkgs.air ]; };
      });
}
