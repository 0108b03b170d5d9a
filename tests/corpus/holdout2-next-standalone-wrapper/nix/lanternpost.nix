{ lib
, buildNpmPackage
, nodejs_22
, runtimeShell
}:

buildNpmPackage {
  pname = "lanternpost-next";
  version = "3.1.0";

  src = lib.cleanSource ../.;
  nodejs = nodejs_22;

  npmDepsHash = "sha256-F2OjmeG2Kan0Z2o94Y0ch3Z+r8zoTEJfZhM492pKZp8=";

  env.NEXT_TELEMETRY_DISABLED = 1;

  # `next build` with output: "standalone" leaves a server of its own
  installPhase = ''
    runHook preInstall

    mkdir -p $out/bin $out/share/lanternpost/.next
    cp -r .next/standalone/. $out/share/lanternpost/
    cp -r .next/static $out/share/lanternpost/.next/static
    cp -r public $out/share/lanternpost/public

    cat > $out/bin/lanternpost <<EOF
    #!${runtimeShell}
    export NODE_ENV=production
    # next binds to \$HOSTNAME, which containers set to their own name
    export HOSTNAME=0.0.0.0
    exec ${lib.getExe nodejs_22} $out/share/lanternpost/server.js "\$@"
    EOF
    chmod +x $out/bin/lanternpost

    runHook postInstall
  '';

  meta.platforms = lib.platforms.linux;
}
