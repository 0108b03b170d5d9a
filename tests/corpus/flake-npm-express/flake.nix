{
  description = "Linkboard, a shared wall of bookmarks";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    flake-utils.url = "github:numtide/flake-utils";
  };

  outputs =
    {
      self,
      nixpkgs,
      flake-utils,
    }:
    flake-utils.lib.eachDefaultSystem (
      system:
      let
        pkgs = import nixpkgs { inherit system; };
        nodejs = pkgs.nodejs_22;
      in
      {
        packages = {
          linkboard = pkgs.buildNpmPackage {
            pname = "linkboard";
            version = (pkgs.lib.importJSON ./package.json).version;
            src = pkgs.lib.cleanSource ./.;

            inherit nodejs;
            npmDepsHash = "sha256-mW2dcWzTUqYVSJ4Zj3uHG5TAVTBGmqBxTjTgYfHnpHo=";
            # Nothing to compile, it is plain ES modules.
            dontNpmBuild = true;

            meta.description = "A shared wall of bookmarks";
          };

          default = self.packages.${system}.linkboard;
        };

        devShells.default = pkgs.mkShell {
          packages = [
            nodejs
            pkgs.nodePackages.nodemon
            pkgs.redis
          ];
          shellHook = ''
            export SESSION_SECRET=only-for-development
          '';
        };

        formatter = pkgs.nixfmt-rfc-style;
      }
    );
}
