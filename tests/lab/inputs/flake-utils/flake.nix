{
  description = "In place of numtide/flake-utils";

  outputs = _:
    let
      defaultSystems = [ "aarch64-darwin" "aarch64-linux" "x86_64-darwin" "x86_64-linux" ];
      # Whatever `f` gives for a system, with the system below each output's name.
      eachSystem = systems: f:
        builtins.foldl'
          (all: system:
            let found = f system;
            in all // builtins.mapAttrs (name: value: (all.${name} or { }) // { ${system} = value; }) found)
          { }
          systems;
      eachSystemPassThrough = systems: f: builtins.foldl' (all: system: all // f system) { } systems;
    in {
      lib = {
        inherit defaultSystems eachSystem eachSystemPassThrough;
        allSystems = defaultSystems;
        system = builtins.listToAttrs (map (name: { inherit name; value = name; }) defaultSystems);
        eachDefaultSystem = eachSystem defaultSystems;
        eachDefaultSystemPassThrough = eachSystemPassThrough defaultSystems;
        eachDefaultSystemMap = f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) defaultSystems);
        filterPackages = system: packages: packages;
        flattenTree = tree: tree;
        mkApp = { drv, name ? drv.pname or drv.name, exePath ? drv.passthru.exePath or "/bin/${name}" }: {
          type = "app";
          program = "${drv}${exePath}";
        };
      };
    };
}
