# The packages that come from Debian, one derivation each, from the lock that resolve-debs.py wrote.
#
# Like nixpkgs' sources the .debs are fixed-output derivations: whoever only evaluates needs no .deb, and where the
# outputs are already in the store nothing is built.
{ system }:
let
  lock = builtins.fromJSON (builtins.readFile ./debs.json);

  fetch = { name, file, sha256 }: derivation {
    inherit system;
    name = "${name}.deb";
    outputHash = sha256;
    outputHashAlgo = "sha256";
    outputHashMode = "flat";
    builder = "/bin/sh";
    args = [ "-c" "cp /srv/lab/pool/${file} $out" ];
    PATH = "/usr/bin:/bin";
  };

  # Where nixpkgs' package looks different from Debian's.
  fixups = {
    bash = "ln -sf bash $out/bin/sh";
    busybox = ''
      for applet in $($out/bin/busybox --list); do
        [ $applet = busybox ] || ln -s busybox $out/bin/$applet
      done
      rm -rf $out/nix-support
    '';
    cacert = ''
      bundle=$(cat $out/share/ca-certificates/mozilla/*.crt)
      rm -rf $out/*
      mkdir -p $out/etc/ssl/certs
      echo "$bundle" > $out/etc/ssl/certs/ca-bundle.crt
    '';
    # One language is enough.
    glibcLocales = ''
      mkdir -p $TMPDIR/usr/lib/locale
      I18NPATH=$out/share/i18n localedef --prefix=$TMPDIR -i de_DE -f UTF-8 de_DE.UTF-8
      rm -rf $out/*
      mkdir -p $out/lib/locale
      cp $TMPDIR/usr/lib/locale/locale-archive $out/lib/locale/
    '';
    iana-etc = "rm -rf $out/nix-support";
    python3 = "ln -s python3.13 $out/bin/python3; ln -s python3.13 $out/bin/python";
  };

  mainPrograms = { nix = "nix"; docker-client = "docker"; };

  fromDebs = name: { version, debs, deps }:
    derivation
      {
        inherit system;
        name = "${name}-${version}";
        builder = "/bin/bash";
        args = [ ./deb.sh ];
        PATH = "/usr/bin:/bin:/usr/sbin:/sbin";
        debs = map fetch debs;
        deps = map (dep: packages.${dep}) deps;
        fixup = fixups.${name} or "";
      } // {
      inherit version;
      pname = name;
      meta.mainProgram = mainPrograms.${name} or name;
    };

  packages = builtins.mapAttrs fromDebs lock;
in
packages
