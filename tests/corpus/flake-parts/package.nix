{ lib, buildNpmPackage }:
buildNpmPackage {
  pname = "board";
  version = "2.0.0";
  src = lib.cleanSource ./.;
  npmDepsHash = lib.fakeHash;
  dontNpmBuild = true;
  meta.mainProgram = "board-server";
}
