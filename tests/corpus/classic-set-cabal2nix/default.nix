{ pkgs ? import <nixpkgs> { } }:
rec {
  server = pkgs.haskellPackages.callCabal2nix "chat" ./. { };

  client = pkgs.stdenvNoCC.mkDerivation {
    pname = "chat-client";
    version = "1";
    src = ./client;
    installPhase = "cp -r . $out";
  };

  all = pkgs.symlinkJoin { name = "chat"; paths = [ server client ]; };
}
