with import <nixpkgs> { };

let
  python = python3.withPackages (ps: with ps; [
    astral
    flask
  ]);
in
stdenv.mkDerivation rec {
  pname = "sundial";
  version = "0.3";

  src = lib.cleanSource ./.;

  nativeBuildInputs = [ makeWrapper ];

  dontBuild = true;

  installPhase = ''
    runHook preInstall

    mkdir -p $out/bin $out/share/${pname}
    cp -r sundial.py places.toml templates $out/share/${pname}/

    # sundial.py opens places.toml where it stands
    makeWrapper ${python}/bin/python $out/bin/sundial-web \
      --chdir $out/share/${pname} \
      --add-flags sundial.py

    runHook postInstall
  '';
}
