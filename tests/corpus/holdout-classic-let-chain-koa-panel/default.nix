{ sources ? import ./nix/sources.nix }:

let
  pkgs = import sources.nixpkgs { };
  gitignore = import sources."gitignore.nix" { inherit (pkgs) lib; };
in let
  inherit (gitignore) gitignoreSource;
  node = pkgs.nodejs_20;
in let
  # Builds a folder of this repository with Yarn's lock.
  yarnProject = { name, install, ... }@attrs:
    pkgs.stdenv.mkDerivation ({
      pname = name;
      version = "0.8.1";
      src = gitignoreSource (./. + "/${name}");

      yarnOfflineCache = pkgs.fetchYarnDeps {
        yarnLock = ./. + "/${name}/yarn.lock";
        inherit (attrs) hash;
      };

      nativeBuildInputs = [ node pkgs.makeWrapper pkgs.yarnConfigHook ];
      installPhase = "runHook preInstall\n" + install + "\nrunHook postInstall";
    } // removeAttrs attrs [ "name" "install" "hash" ]);
in let
  panel = yarnProject {
    name = "panel";
    hash = "sha256-coTfJYXbFY/Gbhz7hS8ke/kW96spXZHgqaKorZVGz4U=";
    buildPhase = "yarn --offline vite build";
    install = "cp -r dist $out";
  };
in let
  hub = yarnProject {
    name = "hub";
    hash = "sha256-uCq/FdKlHZDeLAXrSSKa9otvHzF/yOyao9Bf9ueDnFk=";
    dontBuild = true;
    install = ''
      mkdir -p $out/libexec
      cp -r . $out/libexec/capstan-hub
      makeWrapper ${node}/bin/node $out/bin/capstan-hub \
        --add-flags $out/libexec/capstan-hub/src/hub.js \
        --set NODE_ENV production \
        --set CAPSTAN_PANEL ${panel}
    '';
  };
in
{ inherit panel hub; }
