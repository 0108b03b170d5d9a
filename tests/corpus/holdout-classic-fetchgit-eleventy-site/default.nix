let
  nixpkgs = builtins.fetchGit {
    name = "nixpkgs-24.05";
    url = "https://github.com/NixOS/nixpkgs";
    ref = "refs/heads/nixos-24.05";
    rev = "63f1f313da749e18165123b318e98517ce1cb28e";
  };
in

{ pkgs ? import nixpkgs { }, ... }:

let
  inherit (pkgs) lib buildNpmPackage nodejs_20;
in

buildNpmPackage {
  name = "pennant";
  nodejs = nodejs_20;

  src = lib.sourceByRegex ./. [
    "package(-lock)?\\.json"
    "eleventy\\.config\\.js"
    "pages"
    "pages/.*"
  ];

  npmDepsHash = "sha256-QjwxY0t8/bShVGmFJ7pvlZxob9F1EqvL5WQR6gi3RQY=";

  installPhase = ''
    runHook preInstall
    cp -r _site $out
    runHook postInstall
  '';
}
