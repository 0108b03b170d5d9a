{ lib
, buildNpmPackage
, importNpmLock
}:
buildNpmPackage {
  pname = "trolleybot";
  version = "0.9.1";

  src = lib.fileset.toSource {
    root = ./.;
    fileset = lib.fileset.unions [ ./package.json ./package-lock.json ./bot.mjs ];
  };

  npmDeps = importNpmLock { npmRoot = ./.; };
  npmConfigHook = importNpmLock.npmConfigHook;
  dontNpmBuild = true;

  meta = {
    description = "Shopping list bot";
    license = lib.licenses.eupl12;
    mainProgram = "trolleybot";
  };
}
