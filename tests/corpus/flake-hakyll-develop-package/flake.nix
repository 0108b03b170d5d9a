{
  description = "Marginalia, notes on old books";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    utils.url = "github:numtide/flake-utils";
  };

  outputs = { self, nixpkgs, utils }:
    utils.lib.eachDefaultSystem (system:
      let
        pkgs = nixpkgs.legacyPackages.${system};

        generator = returnShellEnv: pkgs.haskellPackages.developPackage {
          root = ./generator;
          name = "marginalia";
          inherit returnShellEnv;
          modifier = drv:
            pkgs.haskell.lib.addBuildTools drv [ pkgs.haskellPackages.cabal-install ];
        };

        builder = generator false;
      in
      {
        packages = {
          # `nix run . -- watch` while writing
          default = builder;

          website = pkgs.runCommand "marginalia-website"
            {
              nativeBuildInputs = [ builder ];
              LANG = "C.UTF-8";
              LOCALE_ARCHIVE = pkgs.lib.optionalString pkgs.stdenv.isLinux
                "${pkgs.glibcLocales}/lib/locale/locale-archive";
            } ''
            cp -r ${./content}/. .
            chmod -R u+w .
            marginalia build
            cp -r _site $out
          '';
        };

        devShells.default = generator true;
      });
}
