{
  description = "In place of pyproject-nix/uv2nix";

  outputs = _: {
    lib.workspace.loadWorkspace = { workspaceRoot, ... }: {
      mkPyprojectOverlay = given: final: prev: { };
      mkEditablePyprojectOverlay = given: final: prev: { };
      deps = { default = { }; all = { }; groups = { }; optionals = { }; };
      config = { };
    };
    lib.scripts.loadScript = _: { };
  };
}
