{
  description = "Field notes of the Wren Valley walking club";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];
      eachSystem = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = eachSystem (pkgs: {
        default = pkgs.buildNpmPackage {
          name = "wren-valley-walks";
          src = ./.;
          npmDepsHash = "sha256-1xvBBtoH3hB5c8OQ2GlWg0T9nVgHkTiv1tUbSGGvXhA=";

          # shown in the footer
          VITE_COMMIT = self.rev;

          installPhase = ''
            runHook preInstall
            cp -r dist $out
            runHook postInstall
          '';
        };
      });

      devShells = eachSystem (pkgs: {
        default = pkgs.mkShell { packages = [ pkgs.nodejs pkgs.prefetch-npm-deps ]; };
      });

      formatter = eachSystem (pkgs: pkgs.nixpkgs-fmt);
    };
}
