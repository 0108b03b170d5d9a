{
  description = "The village notice board";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    flake-parts.url = "github:hercules-ci/flake-parts";
    systems.url = "github:nix-systems/default";
  };

  outputs = inputs@{ flake-parts, systems, ... }:
    flake-parts.lib.mkFlake { inherit inputs; } {
      systems = import systems;

      perSystem = { self', pkgs, lib, ... }:
        let
          php = pkgs.php83.buildEnv {
            extensions = { enabled, all }: enabled ++ [ all.pdo_pgsql all.intl ];
            extraConfig = "memory_limit = 256M";
          };
        in
        {
          packages.default = self'.packages.notice-board;

          packages.notice-board = php.buildComposerProject2 (finalAttrs: {
            pname = "notice-board";
            version = "1.7.2";
            src = lib.cleanSource ./.;
            composerNoDev = true;
            vendorHash = "sha256-T1wEqZ5nXbVk8yPjOsUa7RcLmD0gHfB3iYt6QvKxN9o=";
            meta.description = "What's on in the village";
          });

          devShells.default = pkgs.mkShell {
            packages = [ php php.packages.composer pkgs.phpactor ];
          };

          apps.serve.program = pkgs.writeShellApplication {
            name = "serve";
            runtimeInputs = [ php ];
            text = "php -S localhost:8000 -t public";
          };
        };
    };
}
