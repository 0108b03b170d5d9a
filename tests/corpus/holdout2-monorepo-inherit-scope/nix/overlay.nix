final: prev:

let
  inherit (final) lib nodejs makeWrapper;

  workspace = args: final.buildNpmPackage ({
    version = "0.21.0";
    src = lib.cleanSourceWith {
      src = ../.;
      filter = path: _: !(builtins.elem (baseNameOf path) [ "nix" "default.nix" "node_modules" "Procfile" ]);
    };
    npmDepsHash = "sha256-mblPB0xCztXcxE8Z1HTkuYjbC41BAzzHMTKcvwMajTc=";
    dontNpmInstall = true;
  } // args);

  service = { name, main }: workspace {
    pname = name;
    npmWorkspace = "packages/${main}";
    nativeBuildInputs = [ makeWrapper ];
    installPhase = ''
      runHook preInstall
      npm prune --omit=dev
      mkdir -p $out/lib/thornbury
      cp -r package.json node_modules packages $out/lib/thornbury/
      makeWrapper ${nodejs}/bin/node $out/bin/${name} \
        --set NODE_ENV production \
        --add-flags $out/lib/thornbury/packages/${main}/dist/main.js
      runHook postInstall
    '';
  };
in
{
  thornbury = {
    api = service { name = "thornbury-api"; main = "api"; };
    worker = service { name = "thornbury-queue"; main = "worker"; };

    web = workspace {
      pname = "thornbury-pages";
      npmWorkspace = "packages/web";
      installPhase = ''
        runHook preInstall
        cp -r packages/web/dist $out
        runHook postInstall
      '';
    };
  };
}
