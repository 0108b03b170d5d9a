{
  description = "In place of pyproject-nix/pyproject.nix";

  outputs = _:
    let
      environment = pkgs: name: dependencies: pkgs.stdenv.mkDerivation { inherit name; };
      set = pkgs: let self = {
        mkMock = pname: pkgs.stdenv.mkDerivation { inherit pname; version = "1.0"; };
        overrideScope = overlay: let more = self // overlay more self; in more;
        mkVirtualEnv = environment pkgs;
        overridePythonScope = _: set pkgs;
        callPackage = pkgs.callPackage;
        python = pkgs.python3;
        pythonPkgsBuildHost = set pkgs;
      }; in self;
    in {
      build = {
        packages = { python ? null, stdenv, newScope ? null, ... }: set { inherit stdenv; python3 = python; callPackage = null; };
        hacks = _: { };
        util.mkApplication = { venv, package }: package;
      };
      lib = {
        project.loadPyproject = { projectRoot, ... }:
          let manifest = builtins.fromTOML (builtins.readFile (projectRoot + "/pyproject.toml"));
          in {
            pyproject = manifest;
            renderers.buildPythonPackage = given: { pname = manifest.project.name; inherit (manifest.project) version; pyproject = true; src = projectRoot; };
            renderers.withPackages = given: _: [ ];
          };
        project.loadUVPyproject = _: { };
        scripts.loadScript = _: { };
      };
    };
}
