{ pkgs ? import <nixpkgs> { } }:
let
  python = pkgs.python3.withPackages (p: [ p.flask p.waitress ]);
in
pkgs.stdenv.mkDerivation rec {
  pname = "tally";
  version = "1.2";
  src = ./.;
  buildInputs = [ python ];
  # no build: patchShebangs finds the python above
  installPhase = ''
    install -D -m 755 tallyd.py $out/bin/tallyd
  '';
  meta.mainProgram = "tallyd";
}
