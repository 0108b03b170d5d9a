# What evaluates under nixpkgs' names and can't be built: builders of many languages, and packages that projects
# only mention. Each derivation has the name and the meta that nixpkgs gives it; a main program only where
# nixpkgs names one. So an inspection by the real Nix meets what it would meet with the real nixpkgs.
{ lib, mkDerivation, system, final, prev }:
let
  inherit (lib) genAttrs isFunction;

  leaf = pname: mkDerivation { inherit pname; version = "1.0"; };

  # A builder that gives its arguments to stdenv, as most do.
  plain = mkDerivation;
  # The same with more attributes, made of the arguments.
  with' = more: attrsOrFunction: mkDerivation (package:
    let given = if isFunction attrsOrFunction then attrsOrFunction package else attrsOrFunction;
    in given // more given);
  named = name: given: mkDerivation ({ name = given.name or name; } // given);

  # What its file name says of it comes with being built: import from derivation, really.
  imported = name: import (mkDerivation {
    name = "cabal2nix-${name}";
    buildCommand = "echo '{ }' > $out";
  });

  fetched = given: mkDerivation { name = given.name or "source"; } // { rev = given.rev or null; };

  names = [
    "air" "alejandra" "bun" "bundix" "bundler" "caddy" "cabal-install" "cargo" "cargo-audit" "cargo-deny" "cargo-nextest" "cargo-watch" "clippy"
    "cmake" "crystal-dev" "darkhttpd" "deno" "dart-sass" "delve" "dnsutils" "dotnet-sdk" "dotnet-sdk_8" "elixir" "elixir-ls" "elixir_1_16"
    "elixir_1_17" "elixir_1_18" "elmPackages" "entr" "erlang" "erlang_26" "erlang_27" "esbuild" "ffmpeg" "ffmpeg-headless" "file" "flyctl" "foreman" "gcc" "ghc"
    "ghcid" "git-lfs" "gleam" "gnumake" "go" "go-migrate" "go-tools" "go_1_22" "go_1_23" "go_1_24" "go_1_25" "golangci-lint" "gopls"
    "gosu" "gotools" "govulncheck" "graphviz" "heroku" "hivemind" "hugo" "imagemagick" "inotify-tools" "ispell" "jdk" "jdk11" "jdk17" "jdk21" "jdk21_headless" "jdk_headless" "jre" "jre_headless"
    "jre_minimal" "just" "kotlin" "kotlin-language-server" "leiningen" "libpq" "libsodium" "libxml2" "libyaml" "litestream" "lld" "mdbook" "metals" "mix2nix" "mold" "mypy"
    "nginx" "ngrok" "nil" "nim" "nimble" "niv" "nixd" "nixfmt" "nixfmt-rfc-style" "nixfmt-tree" "nixpkgs-fmt" "nodejs" "nodejs_18" "nodejs_20" "nodejs_22" "nodejs_24" "nodejs-slim" "nodemon"
    "npins" "ocaml" "ocamlformat" "opam" "openjdk" "openssl" "overmind" "packer" "pandoc" "phpactor" "pkg-config" "pkgconf" "postgresql" "postgresql_14" "postgresql_15" "postgresql_16"
    "postgresql_17" "prefetch-npm-deps" "prettier" "process-compose" "protobuf" "pyright" "qrencode" "rabbitmq-server" "rebar3" "redis" "ruby" "ruby_3_2" "ruby_3_3" "ruby_3_4" "ruff" "rust-analyzer"
    "rustc" "rustfmt" "rustup" "sass" "sbt" "scala" "scalafmt" "scala-cli" "sops" "sqlc" "sqlite" "sqlx-cli" "static-web-server" "stripe-cli" "symfony-cli" "tailwindcss" "tailwindcss_4" "templ" "terraform"
    "tini" "trunk" "typescript" "unzip" "uv" "valkey" "vips" "wasm-pack" "watchexec" "wget" "which" "xz" "yq" "zip" "zlib" "zsh" "poetry" "pdm" "hatch" "pipenv" "pgcli" "minio" "mailpit" "jq" "ripgrep" "fd" "time" "tree"
    "autoPatchelfHook" "makeWrapper" "makeBinaryWrapper" "installShellFiles" "npmHooks" "yarnConfigHook" "yarnBuildHook" "yarnInstallHook" "fixup-yarn-lock" "removeReferencesTo" "wrapGAppsHook3"
    "dockerize" "dumb-init" "s6" "supercronic" "curlMinimal" "gnutls" "icu" "libiconv" "gmp" "libffi" "systemd" "util-linux" "procps" "shadow" "bashNonInteractive" "gitMinimal" "treefmt" "pre-commit" "shellcheck" "shfmt"
  ];

  versions = prefix: list: f: genAttrs (map (it: "${prefix}${it}") list) f;

  python = name: prev.python3 // {
    inherit name;
    pkgs = pythonPackages;
    withPackages = f: pythonEnv (f pythonPackages);
    buildEnv = { override = given: pythonEnv (given.extraLibs or [ ]); };
    override = _: python name;
    interpreter = "${prev.python3}/bin/python3";
    executable = "python3.13";
    sitePackages = "lib/python3.13/site-packages";
    pythonVersion = "3.13";
    meta.mainProgram = "python3.13";
  };
  pythonEnv = packages: mkDerivation {
    name = "python3-3.13.5-env";
    inherit packages;
    meta.mainProgram = "python3.13";
  };
  # Applications have their own name, libraries one that begins with Python's; as in nixpkgs, `pname` has neither.
  pythonPackages = genAttrs [
    "aiodns" "aiofiles" "aiohttp" "aiosqlite" "alembic" "anyio" "apscheduler" "asyncpg" "attrs" "babel" "bcrypt" "beautifulsoup4" "bleach" "blinker" "boto3" "build" "celery" "certifi" "click" "cryptography" "dateutil"
    "discordpy" "dj-database-url" "django" "django_4" "django_5" "django-environ" "django-storages" "djangorestframework" "docutils" "environs" "falcon" "fastapi" "feedparser" "flask" "flask-cors" "flask-login" "flask-migrate"
    "flask-sqlalchemy" "flit-core" "gevent" "granian" "greenlet" "gunicorn" "hatch-vcs" "hatchling" "httpx" "hypercorn" "icalendar" "itsdangerous" "jinja2" "lxml" "markdown" "markupsafe" "marshmallow" "matrix-nio" "mypy" "numpy" "opencv4" "orjson"
    "pandas" "passlib" "pdm-backend" "peewee" "pillow" "pip" "poetry-core" "prometheus-client" "psycopg" "psycopg2" "psycopg2-binary" "pydantic" "pydantic-settings" "pygments" "pyjwt" "pymongo" "pysaml2" "pytest" "pytest-asyncio" "pytest-cov" "pytest-django" "pytestCheckHook"
    "python-dateutil" "python-dotenv" "python-multipart" "python-telegram-bot" "pytz" "pyyaml" "qrcode" "quart" "redis" "requests" "rich" "rq" "ruff" "sanic" "sentry-sdk" "setuptools" "setuptools-scm" "slixmpp" "sqlalchemy" "sqlmodel" "starlette" "structlog" "tornado" "tqdm"
    "typer" "tzdata" "uvicorn" "uvloop" "waitress" "watchfiles" "websockets" "werkzeug" "wheel" "whitenoise" "wtforms" "zeroconf"
  ]
    (pname: mkDerivation { inherit pname; version = "1.0"; name = "python3.13-${pname}-1.0"; }) // {
    inherit (final) callPackage;
    python = python "python3-3.13.5";
    buildPythonApplication = with' (given: { disallowed = [ ]; });
    buildPythonPackage = with' (given: { name = given.name or "python3.13-${given.pname}-${given.version}"; });
    toPythonApplication = package: package;
    pythonOlder = _: false;
    pythonAtLeast = _: true;
    pkgs = final;
  };

  beam = {
    inherit (final) erlang elixir rebar3;
    inherit plain;
    hex = leaf "hex";
    elixir_1_15 = leaf "elixir";
    elixir_1_16 = leaf "elixir";
    elixir_1_17 = leaf "elixir";
    elixir_1_18 = leaf "elixir";
    mixRelease = plain;
    buildMix = plain;
    buildRebar3 = plain;
    rebar3Relx = plain;
    fetchMixDeps = given: mkDerivation { name = "${given.pname}-${given.version}"; };
    fetchHex = fetched;
    callPackages = final.callPackage;
    callPackage = final.callPackage;
    extend = _: beam;
  };

  haskell = {
    inherit (final) cabal-install ghcid;
    ghc = leaf "ghc";
    mkDerivation = with' (given: { });
    callCabal2nix = name: src: overrides: imported name;
    callCabal2nixWithOptions = name: src: options: overrides: imported name;
    developPackage = given: imported (given.name or (baseNameOf (toString given.root)));
    callHackage = name: version: overrides: leaf name;
    # Libraries are many: whatever a file asks for is there.
    callPackage = pathOrFunction: overrides:
      let f = if isFunction pathOrFunction then pathOrFunction else import pathOrFunction;
      in f (builtins.mapAttrs (name: _: haskell.${name} or final.${name} or (leaf name)) (builtins.functionArgs f) // overrides);
    shellFor = given: final.mkShell { };
    ghcWithPackages = f: leaf "ghc-with-packages";
    override = given: haskell.extend (given.overrides or (_: _: { }));
    extend = overlay: lib.makeExtensible (lib.extends overlay (_: haskell));
    haskell-language-server = leaf "haskell-language-server";
    hoogle = leaf "hoogle";
    hlint = leaf "hlint";
    fourmolu = leaf "fourmolu";
  };

  image = more: given: mkDerivation {
    name = "${baseNameOf given.name}.tar.gz";
    passthru = { imageTag = given.tag or null; } // more given;
  };

  php = {
    buildComposerProject = plain;
    buildComposerProject2 = plain;
    mkComposerVendor = plain;
    buildEnv = given: phpEnv;
    withExtensions = f: phpEnv;
    packages = genAttrs [ "composer" "php-cs-fixer" "phpstan" ] leaf;
    extensions = genAttrs [ "pdo_pgsql" "intl" "redis" "gd" "zip" "opcache" ] leaf;
  };
  phpEnv = mkDerivation { pname = "php-with-extensions"; version = "8.3.22"; meta.mainProgram = "php"; } // php;

  bin = name: given: text: final.writeScriptBin name text;

  application = given: mkDerivation {
    inherit (given) name;
    text = given.text or "";
    passthru = given.passthru or { };
    meta = { mainProgram = given.name; } // given.meta or { };
  };
in
genAttrs (lib.filter (name: !(prev ? ${name})) names) leaf // {
  pkgs = final;
  # A package, or a builder, of any name.
  mockOf = name: leaf name // { __functor = _: plain; };
  newScope = more: lib.callPackageWith (final // more);
  callPackages = final.callPackage;
  extend = overlay: import ./. { inherit system; overlays = [ overlay ]; };
  appendOverlays = overlays: import ./. { inherit system overlays; };
  pkgsStatic = final;
  pkgsMusl = final;
  pkgsCross = genAttrs [ "aarch64-multiplatform" "musl64" "aarch64-multiplatform-musl" "gnu64" ] (_: final);
  buildPackages = final;
  clangStdenv = prev.stdenv;

  fetchFromGitHub = fetched;
  fetchFromGitLab = fetched;
  fetchFromSourcehut = fetched;
  fetchgit = fetched;
  fetchurl = given: fetched ({ name = baseNameOf (given.url or "file"); } // given);
  fetchzip = fetched;
  fetchpatch = fetched;
  fetchNpmDeps = fetched;
  fetchYarnDeps = fetched;
  fetchPnpmDeps = fetched;
  applyPatches = given: given.src;
  nix-gitignore = { gitignoreSource = _: src: src; gitignoreSourcePure = _: src: src; gitignoreFilterSource = _: _: src: src; };

  mkShell = given: named "nix-shell" ({ shellHook = ""; phases = [ "buildPhase" ]; } // given);
  mkShellNoCC = final.mkShell;
  buildEnv = given: mkDerivation { name = given.name or "${given.pname}-${given.version}"; meta = given.meta or { }; passthru = given.passthru or { }; };
  buildFHSEnv = given: mkDerivation { name = given.name or given.pname; };
  linkFarm = name: entries: mkDerivation { inherit name; };
  linkFarmFromDrvs = name: entries: mkDerivation { inherit name; };
  symlinkJoin = given: prev.symlinkJoin ({ name = given.name or "${given.pname}-${given.version}"; } // builtins.intersectAttrs (builtins.functionArgs prev.symlinkJoin) given);
  concatText = name: files: mkDerivation { inherit name; };
  runCommandCC = prev.runCommand;
  substituteAll = given: mkDerivation { name = baseNameOf given.src; };
  replaceVars = src: values: mkDerivation { name = baseNameOf src; };
  makeDesktopItem = given: mkDerivation { inherit (given) name; };
  writeShellApplication = application;
  writers = genAttrs [ "writePython3Bin" "writePyPy3Bin" "writeJSBin" "writeRubyBin" "writePerlBin" "writeHaskellBin" "writeRustBin" ] (_: bin)
    // genAttrs [ "writeBashBin" "writeDashBin" ] (_: final.writeScriptBin)
    // genAttrs [ "writePython3" "writeJS" ] (_: name: given: text: final.writeScript name text)
    // { writeJSON = name: value: final.writeText name (builtins.toJSON value); writeBash = final.writeScript; };
  formats = genAttrs [ "json" "yaml" "toml" "ini" ] (_: _: { type = null; generate = name: value: final.writeText name (builtins.toJSON value); });
  testers = { runNixOSTest = test: leaf "vm-test"; nixosTest = test: leaf "vm-test"; testVersion = given: leaf "version-test"; };
  nixosTest = test: leaf "vm-test";
  nixos = module: leaf "nixos";

  dockerTools = {
    buildImage = image (given: { buildArgs = given; layer = leaf "layer"; imageName = given.name; });
    buildLayeredImage = image (given: { imageName = given.name; isExe = false; });
    buildLayeredImageWithNixDb = image (given: { imageName = given.name; });
    buildImageWithNixDb = image (given: { buildArgs = given; });
    streamLayeredImage = given: image (_: { imageName = given.name; isExe = true; }) (given // { name = "stream-${baseNameOf given.name}"; });
    pullImage = fetched;
    caCertificates = leaf "ca-certificates";
    fakeNss = leaf "fake-nss";
    binSh = leaf "bin-sh";
    usrBinEnv = leaf "usr-bin-env";
  };

  buildGoModule = plain;
  buildGoPackage = plain;
  rustPlatform = { buildRustPackage = plain; importCargoLock = fetched; fetchCargoVendor = fetched; cargoSetupHook = leaf "cargo-setup-hook"; bindgenHook = leaf "bindgen-hook"; rustLibSrc = leaf "rust-lib-src"; };
  makeRustPlatform = _: final.rustPlatform;
  cargo-tauri = leaf "cargo-tauri";

  buildNpmPackage = with' (given: { name = given.name or "${given.pname}-${given.version}"; }) ;
  mkYarnPackage = with' (given: let manifest = builtins.fromJSON (builtins.readFile (given.packageJSON or (given.src + "/package.json"))); in {
    pname = given.pname or manifest.name;
    version = given.version or manifest.version;
    name = given.name or "${manifest.name}-${manifest.version}";
  });
  importNpmLock = {
    __functor = _: given: leaf "npm-deps";
    npmConfigHook = leaf "npm-config-hook";
    hooks = genAttrs [ "npmConfigHook" "linkNodeModulesHook" ] leaf;
    buildNodeModules = given: leaf "node-modules";
  };
  pnpm = leaf "pnpm" // { fetchDeps = fetched; configHook = leaf "pnpm-config-hook"; };
  pnpm_9 = final.pnpm;
  pnpm_10 = final.pnpm;
  pnpmConfigHook = leaf "pnpm-config-hook";
  yarn = leaf "yarn";
  yarn-berry = leaf "yarn-berry" // { fetchYarnBerryDeps = fetched; };
  nodePackages = genAttrs [ "nodemon" "pnpm" "typescript" "typescript-language-server" "prettier" "eslint" "npm-check-updates" "vercel" ] leaf;

  python3 = python "python3-3.13.5";
  python3Packages = pythonPackages;

  beamPackages = beam;
  beam = {
    packages = genAttrs [ "erlang" "erlang_25" "erlang_26" "erlang_27" "erlang_28" ] (_: beam);
    interpreters = genAttrs [ "erlang" "erlang_26" "erlang_27" "erlang_28" ] leaf;
    packagesWith = _: beam;
  };
  beam27Packages = beam;

  haskellPackages = haskell;
  haskell = {
    packages = genAttrs [ "ghc92" "ghc94" "ghc96" "ghc98" "ghc910" ] (_: haskell);
    compiler = genAttrs [ "ghc94" "ghc96" "ghc98" ] leaf;
    lib = genAttrs [ "justStaticExecutables" "dontCheck" "dontHaddock" "doJailbreak" "overrideCabal" "addBuildTools" "addBuildTool" "appendConfigureFlags" ] (name:
      if lib.elem name [ "overrideCabal" "addBuildTools" "addBuildTool" "appendConfigureFlags" ] then package: _: package else package: package) // {
      compose = genAttrs [ "justStaticExecutables" "dontCheck" "addBuildTools" "overrideCabal" ] (name:
        if lib.elem name [ "addBuildTools" "overrideCabal" ] then _: package: package else package: package);
    };
  };

  ocamlPackages = let
    scope = genAttrs [ "ocaml" "dune_3" "dream" "cohttp" "cohttp-lwt-unix" "lwt" "yojson" "caqti" "opium" "findlib" "ocaml-lsp" "ocamlformat" "utop" ] leaf // {
      buildDunePackage = plain;
      callPackage = final.callPackage;
      overrideScope = overlay: let more = scope // overlay more scope; in more;
    };
  in scope;

  dotnetCorePackages = genAttrs [ "sdk_6_0" "sdk_7_0" "sdk_8_0" "sdk_9_0" "sdk_10_0" "aspnetcore_6_0" "aspnetcore_7_0" "aspnetcore_8_0" "aspnetcore_9_0" "runtime_8_0" "runtime_9_0" ] leaf // { combinePackages = _: leaf "dotnet"; fetchNupkg = fetched; };
  buildDotnetModule = plain;
  maven = leaf "maven" // { buildMavenPackage = plain; };
  gradle = leaf "gradle" // { fetchDeps = given: leaf "gradle-deps"; };
  gradle_8 = final.gradle;
  crystal = leaf "crystal" // { buildCrystalPackage = plain; };
  buildNimPackage = plain;
  nimPackages.buildNimPackage = plain;
  zig = leaf "zig" // { hook = leaf "zig-hook"; };
  buildDartApplication = plain;
  buildLakePackage = plain;
  flutter = leaf "flutter" // { buildFlutterApplication = plain; };
  clojure = leaf "clojure";
  jetbrains = genAttrs [ "rider" "idea-community" ] leaf;
  ruby_3_1 = leaf "ruby";
  bundlerEnv = given: mkDerivation { name = given.name or given.pname; } // { wrappedRuby = leaf "wrapped-ruby"; gems = { }; };
  bundlerApp = given: mkDerivation { pname = given.pname; version = "1.0"; };
  buildRubyGem = plain;
  perl = leaf "perl" // { withPackages = f: leaf "perl-env"; };
  perlPackages = genAttrs [ "Mojolicious" "Plack" "Starman" "DBI" "JSON" "Dancer2" ] leaf;
  inherit (php) buildComposerProject;
  php = phpEnv;
  elm2nix = leaf "elm2nix";
  lua5_4 = leaf "lua";
  R = leaf "R";
}
// versions "buildGo1" [ "21Module" "22Module" "23Module" "24Module" "25Module" ] (_: plain)
// versions "python3" [ "10" "11" "12" "13" "14" ] (name: python name)
// versions "python3" [ "10Packages" "11Packages" "12Packages" "13Packages" ] (_: pythonPackages)
// versions "php8" [ "1" "2" "3" "4" ] (_: phpEnv)
