# The lab's own small package set: what the examples use of nixpkgs, under the same names, from Debian packages.
# It has no other inputs, so it evaluates offline and in pure mode, and takes no time to do so. What is in mocks.nix
# evaluates and can't be built.
{ system ? builtins.currentSystem or "x86_64-linux", overlays ? [ ], config ? { }, ... }:
let
  lib = import ./lib.nix;
  debs = import ./debs.nix { inherit system; };

  initialPath = lib.makeBinPath [ debs.bash debs.coreutils debs.findutils debs.gnugrep debs.gnused debs.gnutar debs.gzip ];

  # Sets and functions among a derivation's arguments are for nixpkgs' builders, not for Nix.
  flat = _: value: if lib.isFunction value || lib.isAttrs value && !(value ? outPath) then "" else value;

  # A derivation with the attributes that people and tools read off a package of nixpkgs.
  mkDerivation = attrsOrFunction:
    let
      given = if lib.isFunction attrsOrFunction then attrsOrFunction (package // { finalPackage = package; }) else attrsOrFunction;
      name = given.name or "${given.pname}-${given.version}";
      shell = "${debs.bash}/bin/bash";
      drvAttrs = builtins.mapAttrs flat (removeAttrs given [ "meta" "passthru" ]) // {
        inherit name system initialPath;
        builder = shell;
        args = [ "-e" ./stdenv.sh ];
      };
      package = derivation drvAttrs // {
        inherit drvAttrs;
        meta = { inherit name; } // given.meta or { };
        passthru = given.passthru or { };
        overrideAttrs = f: mkDerivation (given // (if lib.isFunction f then let new = f given; in if lib.isFunction new then f package given else new else f));
        overridePythonAttrs = f: mkDerivation (given // (if lib.isFunction f then f given else f));
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
    inherit system;
    hostPlatform = { inherit system; isLinux = true; isDarwin = false; isx86_64 = true; isAarch64 = false; };
    buildPlatform = stdenv.hostPlatform;
    targetPlatform = stdenv.hostPlatform;
    isLinux = true;
    isDarwin = false;
    cc = debs.bash;
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

  real = pkgs: {
    inherit lib system config stdenv runCommand writeTextFile;
    inherit (debs) bash busybox cacert coreutils curl findutils git glibcLocales gnugrep gnused gnutar gzip iana-etc less nix openssh python3 tzdata;
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

    callPackage = lib.callPackageWith pkgs;
  };

  set = final: let first = real final; in first // import ./mocks.nix { inherit lib mkDerivation system; final = final; prev = first; };
in
lib.fix (lib.foldl' (f: overlay: lib.extends overlay f) set overlays)
