{ lib, beamPackages, overrides ? (x: y: { }) }:

let
  buildMix = lib.makeOverridable beamPackages.buildMix;

  self = packages // (overrides self packages);

  packages = with beamPackages; with self; {
    jason = buildMix rec {
      name = "jason";
      version = "1.4.4";
      src = fetchHex {
        pkg = "jason";
        version = "${version}";
        sha256 = "c5eb0cab91f094599f94d55bc63409236a8ec69a21a67814529e8d5f6cc90b3b";
      };
      beamDeps = [ ];
    };
  };
in
self
