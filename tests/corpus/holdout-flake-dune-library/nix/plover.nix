{ lib, buildDunePackage, alcotest, ptime }:

buildDunePackage {
  pname = "plover";
  version = "0.3.1";
  minimalOCamlVersion = "4.14";

  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [ ../dune-project ../lib ../test ];
  };

  propagatedBuildInputs = [ ptime ];
  checkInputs = [ alcotest ];
}
