{ lib, buildNpmPackage }:
buildNpmPackage {
  pname = "board";
  version = "2.0.0";
  src = lib.cleanSource ./.;
  npmDepsHash = lib.fakeHash;
  meta.mainProgram = "board-server";
}
