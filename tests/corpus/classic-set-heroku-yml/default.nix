{ pkgs ? import <nixpkgs> { } }:

rec {
  client = pkgs.buildNpmPackage {
    pname = "gullchat-client";
    version = "5.0.0";
    src = ./client;
    npmDepsHash = "sha256-xLbEuDbvocFw9lq/z+ZMvP01rvrVtqXLismQo3JU4cY=";
    installPhase = ''
      runHook preInstall
      cp -r dist $out
      runHook postInstall
    '';
  };

  server = pkgs.rustPlatform.buildRustPackage {
    pname = "gullchat-server";
    version = "5.0.0";
    src = ./server;
    cargoHash = "sha256-aBPGkrh6Qodj72hiMnagDcR/JLTUWDmnvomDVT++4j0=";
    nativeBuildInputs = [ pkgs.makeWrapper ];
    postInstall = ''
      wrapProgram $out/bin/gullchatd --set-default GULLCHAT_CLIENT ${client}
    '';
  };

  tests = pkgs.runCommand "gullchat-tests" { nativeBuildInputs = [ server pkgs.curl ]; } ''
    gullchatd --version > $out
  '';
}
