{ lib, stdenv, nodejs_22, pnpm_9, makeWrapper }:

{ name, entry }:

stdenv.mkDerivation (finalAttrs: {
  pname = "harborlight-${name}";
  version = "0.31.0";
  src = lib.cleanSource ../.;

  nativeBuildInputs = [ nodejs_22 pnpm_9.configHook makeWrapper ];

  pnpmWorkspaces = [ "@harborlight/${name}" ];
  pnpmDeps = pnpm_9.fetchDeps {
    inherit (finalAttrs) pname version src pnpmWorkspaces;
    hash = "sha256-4kTqvX1Z8h9Z5w0o3Jd6v7xO1CzqT2mB0lUuEw9s1cA=";
  };

  buildPhase = ''
    runHook preBuild
    pnpm --filter=@harborlight/${name} build
    runHook postBuild
  '';

  installPhase = ''
    runHook preInstall
    mkdir -p $out/lib/harborlight
    cp -r node_modules packages $out/lib/harborlight/
    makeWrapper ${lib.getExe nodejs_22} $out/bin/harborlight-${name} \
      --add-flags $out/lib/harborlight/packages/${name}/${entry}
    runHook postInstall
  '';

  meta.mainProgram = "harborlight-${name}";
})
