{
  description = "In place of Platonic-Systems/process-compose-flake: each stack is a package of its name";

  outputs = _: {
    flakeModule._perSystemFrom = { pkgs, ... }: found: {
      packages = builtins.mapAttrs
        (name: _: pkgs.writeShellApplication { inherit name; text = "process-compose up"; })
        (found.process-compose or { });
    };
  };
}
