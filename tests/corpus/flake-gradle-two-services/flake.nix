{
  description = "granary";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      pkgs = nixpkgs.legacyPackages.x86_64-linux;

      mkService = name: pkgs.stdenv.mkDerivation (finalAttrs: {
        pname = "granary-${name}";
        version = "2026.2";
        src = ./.;

        nativeBuildInputs = [ pkgs.gradle pkgs.makeWrapper ];

        mitmCache = pkgs.gradle.fetchDeps {
          pkg = finalAttrs.finalPackage;
          data = ./deps.json;
        };

        gradleBuildTask = ":${name}:installDist";
        gradleFlags = [ "-Dfile.encoding=utf-8" ];

        installPhase = ''
          mkdir -p $out/{bin,share}
          cp -r ${name}/build/install/${name} $out/share/
          makeWrapper $out/share/${name}/bin/${name} $out/bin/${name}-service \
            --set JAVA_HOME ${pkgs.jdk21_headless}
        '';
      });
    in
    {
      packages.x86_64-linux = lib.genAttrs [ "billing" "orders" ] mkService;

      devShells.x86_64-linux.default = pkgs.mkShell {
        packages = [ pkgs.gradle pkgs.jdk21 pkgs.kotlin-language-server ];
      };
    };
}
