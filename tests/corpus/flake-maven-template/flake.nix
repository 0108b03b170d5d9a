{
  description = "<one line that says what the service does>";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs = { self, nixpkgs }:
    let
      # 1. the system you build on: x86_64-linux, aarch64-linux, …
      system = "<system>";
      pkgs = nixpkgs.legacyPackages.${system};
    in
    {
      packages.${system}.default = pkgs.maven.buildMavenPackage rec {
        # 2. the same as in pom.xml
        pname = "<artifactId>";
        version = "0.1.0";
        src = ./.;

        # 3. build once, and put here what Nix says it got
        mvnHash = pkgs.lib.fakeHash;

        nativeBuildInputs = [ pkgs.makeWrapper ];

        installPhase = ''
          install -Dm644 target/${pname}-${version}.jar $out/share/java/${pname}.jar
          makeWrapper ${pkgs.jre}/bin/java $out/bin/${pname} \
            --add-flags "-jar $out/share/java/${pname}.jar"
        '';
      };

      devShells.${system}.default = pkgs.mkShell {
        packages = [ pkgs.maven pkgs.jdk21 ];
      };
    };
}
