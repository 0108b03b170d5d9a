{ lib, python3, makeWrapper, stdenvNoCC }:

let
  env = python3.withPackages (ps: with ps; [ flask flask-sqlalchemy psycopg2 ]);
in
stdenvNoCC.mkDerivation {
  name = "plumtable-1.0";
  src = lib.cleanSource ./.;

  nativeBuildInputs = [ makeWrapper ];

  dontBuild = true;
  installPhase = ''
    mkdir -p $out/lib $out/bin
    cp -r plumtable $out/lib/
    makeWrapper ${env}/bin/python $out/bin/plumtable \
      --set PYTHONPATH $out/lib \
      --add-flags "-m plumtable"
  '';
}
