{
  description = "turnstile: who may enter which building";

  inputs = {
    # the message schemas are a submodule
    self.submodules = true;

    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

    sbt = {
      url = "github:zaninime/sbt-derivation";
      inputs.nixpkgs.follows = "nixpkgs";
    };

    # JDK with the company's root certificates
    platform = {
      url = "git+ssh://git@git.harrow.example/platform/nix.git?ref=stable";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    inputs@{ self, nixpkgs, ... }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
      inherit (inputs.platform.packages.${system}) jre-harrow;
    in
    {
      packages.${system} = {
        default = self.packages.${system}.turnstile;

        turnstile = inputs.sbt.mkSbtDerivation.${system} {
          pname = "turnstile";
          version = "4.2.0";
          src = self;

          depsSha256 = "sha256-S7kq9yJpX0m3VYh1lO6vQ4zUeB2gRwTcNnFaMjDiK5s=";

          nativeBuildInputs = [
            pkgs.makeWrapper
            pkgs.protobuf
          ];

          buildPhase = ''
            sbt 'http / assembly'
          '';

          installPhase = ''
            install -Dm444 modules/http/target/scala-*/turnstile-http.jar $out/share/java/turnstile.jar
            makeWrapper ${jre-harrow}/bin/java $out/bin/turnstile-http \
              --add-flags "-XX:MaxRAMPercentage=75 -jar $out/share/java/turnstile.jar"
          '';
        };
      };

      devShells.${system}.default = pkgs.mkShell {
        packages = with pkgs; [
          sbt
          metals
          scalafmt
        ];
      };

      formatter.${system} = pkgs.nixfmt-tree;
    };
}
