{ pkgs ? import <nixpkgs> { } }:

with pkgs.lib;

let
  chapters = attrNames (filterAttrs (name: kind: kind == "regular" && hasSuffix ".md" name) (builtins.readDir ./chapters));
  tools = { inherit (pkgs) pandoc; };
in
rec {
  handbook = pkgs.stdenvNoCC.mkDerivation {
    name = "kelpie-handbook";
    src = ./.;
    nativeBuildInputs = attrValues tools;
    CHAPTERS = concatStringsSep " " chapters;
    buildPhase = "sh ./make.sh chapters book";
    installPhase = "cp -r book $out";
  };

  # For writing: look at the book while it changes.
  preview = pkgs.writeShellApplication {
    name = "kelpie-preview";
    runtimeInputs = attrValues tools ++ [ pkgs.python3 pkgs.watchexec ];
    text = ''
      watchexec --watch chapters -- sh ./make.sh chapters book &
      python3 -m http.server --bind 127.0.0.1 --directory book 8017
    '';
  };

  epub = pkgs.runCommand "kelpie.epub" { nativeBuildInputs = [ pkgs.pandoc ]; } ''
    cd ${./chapters}
    pandoc ${toString chapters} -o $out
  '';

  shell = pkgs.mkShell { packages = [ preview ] ++ attrValues tools; };
}
