{ crane, rev }:

final: prev:

let
  craneLib = crane.mkLib final;
  common = {
    src = craneLib.cleanCargoSource ../.;
    strictDeps = true;
    nativeBuildInputs = [ final.pkg-config ];
    buildInputs = [ final.vips ];
  };
in
{
  osprey = craneLib.buildPackage (common // {
    cargoArtifacts = craneLib.buildDepsOnly common;
    OSPREY_REV = rev;
    doCheck = false;
  });
}
