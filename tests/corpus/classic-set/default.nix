{ pkgs ? import <nixpkgs> { } }:
rec {
  server = pkgs.haskellPackages.callCabal2nix "chat" ./. { };
  client = pkgs.buildNpmPackage { pname = "chat-client"; version = "1"; src = ./client; npmDepsHash = ""; };
  all = pkgs.symlinkJoin { name = "chat"; paths = [ server client ]; };
}
