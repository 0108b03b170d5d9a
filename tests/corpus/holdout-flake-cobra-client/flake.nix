{
  description = "sextant - ask a chart server where you are";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
    flake-utils.url = "github:numtide/flake-utils";
    almanac = {
      url = "github:plumbline-charts/almanac";
      flake = false;
    };
  };

  outputs = { self, nixpkgs, flake-utils, ... }@inputs:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = nixpkgs.legacyPackages.${system};
        sextant = pkgs.callPackage ./nix/package.nix {
          inherit (inputs) almanac;
          version = self.lastModifiedDate or "dev";
        };
      in
      {
        packages = { inherit sextant; default = sextant; };

        apps.default = flake-utils.lib.mkApp { drv = sextant; };

        checks.help = pkgs.runCommand "sextant-help" { } ''
          ${pkgs.lib.getExe sextant} --help > $out
        '';

        devShells.default = pkgs.mkShell {
          inputsFrom = [ sextant ];
          packages = [ pkgs.gopls pkgs.golangci-lint ];
        };
      });
}
