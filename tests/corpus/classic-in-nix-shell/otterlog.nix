{ mkDerivation, aeson, base, bytestring, http-types, lib, wai, warp }:
mkDerivation {
  pname = "otterlog";
  version = "0.2.1";
  src = ./.;
  isLibrary = false;
  isExecutable = true;
  executableHaskellDepends = [
    aeson base bytestring http-types wai warp
  ];
  license = lib.licenses.bsd3;
}
