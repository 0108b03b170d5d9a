pkgs:
let
  project = given: (builtins.fromTOML (builtins.readFile (given.pyproject or (given.projectDir + "/pyproject.toml"))));
  facts = given: let read = project given; in read.tool.poetry or { } // read.project or { };
  env = given: pkgs.python3.withPackages (_: [ ]) // { env = env given; };
  overrides = { extend = _: overrides; overrideOverlay = _: _: overrides; __functor = _: final: prev: { }; };
  # poetry2nix writes names as Python's packages do.
  normal = builtins.replaceStrings [ "_" "." ] [ "-" "-" ];
  application = given:
    let
      found = facts given;
      pname = normal found.name;
      package = pkgs.stdenv.mkDerivation {
        inherit pname;
        inherit (found) version;
        name = "python3.13-${pname}-${found.version}";
        meta = { description = found.description or ""; } // given.meta or { };
      };
    in
    package // { dependencyEnv = env given; python = pkgs.python3; };
  self = {
    mkPoetryApplication = application;
    mkPoetryPackages = given: { python = pkgs.python3; poetryPackages = [ ]; };
    mkPoetryEnv = env;
    mkPoetryEditablePackage = env;
    mkPoetryScriptsPackage = application;
    defaultPoetryOverrides = overrides;
    overrides = { withDefaults = _: overrides; withoutDefaults = _: overrides; };
    cleanPythonSources = { src }: src;
    overrideScope = _: self;
    cli = pkgs.poetry;
  };
in
self
