{
  description = "Harborlight: berth bookings for small marinas";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    flake-parts = {
      url = "github:hercules-ci/flake-parts";
      inputs.nixpkgs-lib.follows = "nixpkgs";
    };
    treefmt-nix = {
      url = "github:numtide/treefmt-nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = inputs:
    inputs.flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ "x86_64-linux" "aarch64-darwin" ];
      imports = [ inputs.treefmt-nix.flakeModule ];

      perSystem = { pkgs, config, ... }:
        let
          workspacePackage = pkgs.callPackage ./nix/workspace-package.nix { };
        in
        {
          packages = {
            # One closure per process: the mailer doesn't need the templates.
            booking = workspacePackage {
              name = "booking";
              entry = "dist/main.js";
            };
            mailer = workspacePackage {
              name = "mailer";
              entry = "dist/consume.js";
            };
          };

          checks = { inherit (config.packages) booking mailer; };

          devShells.default = pkgs.mkShell {
            packages = with pkgs; [ nodejs_22 pnpm_9 overmind postgresql_16 ];
          };

          treefmt = {
            projectRootFile = "flake.nix";
            programs.nixpkgs-fmt.enable = true;
            programs.prettier.enable = true;
          };
        };
    };
}
