{ lib, stdenvNoCC, fetchFromGitHub, purescript, esbuild, apiBase ? "https://open.county.example/hedges/v1" }:

let
  libraries = import ./purescript-libraries.nix { inherit fetchFromGitHub; };
  globs = lib.concatMapStringsSep " " (source: "'${source}/src/**/*.purs'") (lib.attrValues libraries);
in
stdenvNoCC.mkDerivation {
  pname = "hedgemap";
  version = "0.8.0";

  src = lib.sourceByRegex ../. [ "^src.*" "^public.*" ];

  nativeBuildInputs = [ purescript esbuild ];

  buildPhase = ''
    runHook preBuild
    purs compile ${globs} 'src/**/*.purs'
    echo 'import { main } from "./output/Main/index.js"; main();' > entry.js
    esbuild entry.js --bundle --minify --define:API_BASE='"${apiBase}"' --outfile=app.js
    runHook postBuild
  '';

  installPhase = ''
    runHook preInstall
    mkdir $out
    cp -r public/. $out/
    cp app.js $out/
    runHook postInstall
  '';
}
