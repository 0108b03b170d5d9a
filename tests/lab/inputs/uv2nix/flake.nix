{
  description = "In place of pyproject-nix/uv2nix";

  outputs = _: {
    lib.workspace.loadWorkspace = { workspaceRoot, ... }: {
      mkPyprojectOverlay = given: final: prev:
        let project = (builtins.fromTOML (builtins.readFile (workspaceRoot + "/pyproject.toml"))).project;
        in { ${project.name} = prev.mkMock project.name; };
      mkEditablePyprojectOverlay = given: final: prev: { };
      deps = { default = { }; all = { }; groups = { }; optionals = { }; };
      config = { };
    };
    lib.scripts.loadScript = _: { };
  };
}
