{ buildNpmPackage, version }:

buildNpmPackage {
  pname = "brackenhub-frontend";
  inherit version;

  src = ../web;

  npmDepsHash = "sha256-t6bHcKlSVXDZjrZDs5/YMd0O9kasDfDk5DlnwaH+p4k=";

  installPhase = ''
    runHook preInstall
    cp -r dist $out
    runHook postInstall
  '';
}
