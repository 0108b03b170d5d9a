let
  pinned = fetchTarball {
    name = "nixos-25.05-2025-07-01";
    url = "https://github.com/nixos/nixpkgs/archive/502aa87e44203860378d3aac5c4ab56b2e652989.tar.gz";
    sha256 = "sha256-1yA+EbZrRmngohIGBNvkasRA6wMpa8WKdTvOmUtM+XM=";
  };
in
{ pkgs ? import pinned { config = { }; overlays = [ ]; }
, jdk ? pkgs.jdk21_headless
}:

let
  inherit (pkgs) lib;
  pom = builtins.readFile ./pom.xml;
  # <version> of the project itself carries this mark in the pom
  version = builtins.head (builtins.match ".*<version>([0-9.]+)</version> <!-- release -->.*" pom);
in
pkgs.maven.buildMavenPackage {
  pname = "osprey-ledger";
  inherit version;

  src = lib.sources.sourceFilesBySuffices ./. [ ".java" ".xml" ".yml" ".sql" ];

  mvnJdk = jdk;
  mvnHash = "sha256-kAhtKJenfMYdyOSMSR4whc7oVkIIN1PXNlxfZGmzYic=";
  mvnParameters = "-DskipTests";

  nativeBuildInputs = [ pkgs.makeWrapper ];

  installPhase = ''
    runHook preInstall
    install -Dm644 target/osprey-ledger-${version}.jar $out/share/osprey/ledger.jar
    makeWrapper ${lib.getExe' jdk "java"} $out/bin/ospreyd \
      --add-flags "-XX:MaxRAMPercentage=75 -jar $out/share/osprey/ledger.jar"
    runHook postInstall
  '';

  meta = with lib; {
    description = "Double-entry books for clubs";
    platforms = platforms.linux;
  };
}
