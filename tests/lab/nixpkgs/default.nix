# The lab's own small package set: what the examples use of nixpkgs, under the same names, from Debian packages.
# It has no other inputs, so it evaluates offline and in pure mode, and takes no time to do so.
{ system ? builtins.currentSystem, ... }:
let
  lib = import ./lib.nix;
  debs = import ./debs.nix { inherit system; };

  initialPath = lib.makeBinPath [ debs.bash debs.coreutils debs.findutils debs.gnugrep debs.gnused debs.gnutar debs.gzip ];

  # A derivation with the attributes that people and tools read off a package of nixpkgs.
  mkDerivation = attrsOrFunction:
    let
      given = if lib.isFunction attrsOrFunction then attrsOrFunction package else attrsOrFunction;
      name = given.name or "${given.pname}-${given.version}";
      shell = "${debs.bash}/bin/bash";
      drvAttrs = removeAttrs given [ "meta" "passthru" ] // {
        inherit name system initialPath;
        builder = shell;
        args = [ "-e" ./stdenv.sh ];
      };
      package = derivation drvAttrs // {
        inherit drvAttrs;
        meta = { inherit name; } // given.meta or { };
        passthru = given.passthru or { };
        overrideAttrs = f: mkDerivation (given // f given);
        # As in nixpkgs: needs everything that building the package needs, and builds nothing.
        inputDerivation = derivation (drvAttrs // {
          name = "${name}-inputs";
          args = [ "-c" "export > $out" ];
          _derivation_original_builder = shell;
          _derivation_original_args = drvAttrs.args;
        });
      } // given.passthru or { };
    in
    package;

  stdenv = {
    inherit mkDerivation;
    hostPlatform = { inherit system; isLinux = true; isDarwin = false; isx86_64 = true; };
    shell = "${debs.bash}/bin/bash";
  };

  runCommand = name: env: buildCommand: mkDerivation (env // { inherit name buildCommand; });

  writeTextFile = { name, text, executable ? false, destination ? "", meta ? { } }:
    mkDerivation {
      inherit name text executable destination meta;
      buildCommand = ''
        target=$out$destination
        mkdir -p "$(dirname "$target")"
        printf '%s' "$text" > "$target"
        if [ -n "$executable" ]; then chmod +x "$target"; fi
      '';
    };

  pkgs = {
    inherit lib system stdenv runCommand writeTextFile;
    inherit (debs) bash busybox cacert coreutils curl findutils git gnugrep gnused gnutar gzip less nix python3;
    inherit (debs) containerd docker-buildx docker-client docker-engine iptables runc tini;

    bashInteractive = debs.bash;
    runtimeShell = stdenv.shell;
    stdenvNoCC = stdenv;
    runCommandLocal = runCommand;

    writeText = name: text: writeTextFile { inherit name text; };
    writeTextDir = path: text: writeTextFile { inherit text; name = baseNameOf path; destination = "/${path}"; };
    writeScript = name: text: writeTextFile { inherit name text; executable = true; };
    writeScriptBin = name: text: writeTextFile {
      inherit name text;
      executable = true;
      destination = "/bin/${name}";
      meta.mainProgram = name;
    };
    writeShellScript = name: text: pkgs.writeScript name "#!${stdenv.shell}\n${text}\n";
    writeShellScriptBin = name: text: pkgs.writeScriptBin name "#!${stdenv.shell}\n${text}\n";

    symlinkJoin = { name, paths, postBuild ? "", meta ? { }, passthru ? { } }: mkDerivation {
      inherit name paths postBuild meta passthru;
      buildCommand = ''
        mkdir -p $out
        for path in $paths; do
          cp -rsfT --no-preserve=mode "$path" $out
        done
        rm -rf $out/nix-support
        eval "$postBuild"
      '';
    };

    callPackage = pathOrFunction: overrides:
      let f = if lib.isFunction pathOrFunction then pathOrFunction else import pathOrFunction;
      in f (builtins.intersectAttrs (builtins.functionArgs f) pkgs // overrides);
  };
in
pkgs
