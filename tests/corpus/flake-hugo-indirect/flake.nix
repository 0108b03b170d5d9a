{
  description = "The orchard diary";

  # nixpkgs comes from the registry
  outputs = { self, nixpkgs }:
    let
      allSystems = nixpkgs.lib.genAttrs [ "x86_64-linux" "x86_64-darwin" "aarch64-darwin" ];
    in
    {
      packages = allSystems (system:
        with nixpkgs.legacyPackages.${system}; {
          orchard-diary = stdenv.mkDerivation {
            pname = "orchard-diary";
            version = self.lastModifiedDate or "0";
            src = self;
            nativeBuildInputs = [ hugo ];
            buildPhase = ''
              hugo --minify --baseURL "/"
            '';
            installPhase = ''
              mkdir -p $out/share/www
              cp -r public/* $out/share/www/
            '';
          };
        });

      defaultPackage = allSystems (system: self.packages.${system}.orchard-diary);

      apps = allSystems (system: {
        preview = {
          type = "app";
          program = toString (nixpkgs.legacyPackages.${system}.writeShellScript "preview" ''
            exec ${nixpkgs.legacyPackages.${system}.hugo}/bin/hugo server --buildDrafts
          '');
        };
      });
    };
}
