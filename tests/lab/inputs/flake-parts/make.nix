{ inputs, self ? inputs.self, specialArgs ? { }, ... }: module:
let
  inherit (inputs.nixpkgs) lib;

  isApp = value: builtins.isAttrs value && !lib.isDerivation value;

  # All modules, those they import after them, called with what modules ask for.
  modules = arguments: module:
    let
      found = if builtins.isFunction module then module (pick module arguments)
        else if builtins.isAttrs module then module
        else modulesOf arguments (import module);
      modulesOf = arguments: value: if builtins.isFunction value then value (pick value arguments) else value;
    in
    [ found ] ++ lib.concatMap (modules arguments) (found.imports or [ ]);
  pick = f: arguments: let wanted = builtins.functionArgs f; in if wanted == { } then arguments else arguments // builtins.intersectAttrs wanted arguments;

  merge = lib.foldl' lib.recursiveUpdate { };

  all = modules
    (specialArgs // {
      inherit inputs self lib;
      config = top;
      options = { };
      flake-parts-lib = { importApply = file: arguments: import file arguments; mkPerSystemOption = _: { }; mkTransposedPerSystemModule = _: { }; };
      getSystem = perSystem;
      moduleWithSystem = f: { };
      withSystem = system: f: f (arguments system);
    })
    module;
  top = merge (map (module: removeAttrs module [ "imports" "perSystem" ]) all) // { systems = systems; };
  systems = lib.concatMap (module: module.systems or [ ]) all;

  ofSystem = system: lib.mapAttrs (_: input:
    lib.mapAttrs (_: output: output.${system} or { })
      (lib.filterAttrs (name: output: name != "lib" && builtins.isAttrs output && output ? ${system}) (input.outputs or input)));

  arguments = system: rec {
    inherit lib system;
    config = perSystem system;
    options = { };
    self' = config;
    inputs' = ofSystem system inputs;
    pkgs = config._module.args.pkgs or inputs.nixpkgs.legacyPackages.${system};
    final = pkgs;
  };

  # What any module says of a system.
  perSystem = system:
    let
      asked = arguments system;
      definitions = lib.concatMap (module: if module ? perSystem then modules asked module.perSystem else [ ]) all;
      merged = merge (map (module: removeAttrs module [ "imports" ]) definitions);
      extended = lib.foldl' (found: f: lib.recursiveUpdate found (f asked found)) merged (map (module: module._perSystemFrom) (lib.filter (module: module ? _perSystemFrom) all));
    in
    extended;

  app = value: if isApp value then
    value // { type = "app"; program = if lib.isDerivation value.program then lib.getExe value.program else value.program; }
    else value;

  transposed = name: f: lib.genAttrs systems (system: f ((perSystem system).${name} or { }));
in
{
  packages = transposed "packages" lib.id;
  legacyPackages = transposed "legacyPackages" lib.id;
  devShells = transposed "devShells" lib.id;
  checks = transposed "checks" lib.id;
  apps = transposed "apps" (lib.mapAttrs (_: app));
  formatter = lib.genAttrs systems (system: (perSystem system).formatter or null);
} // top.flake or { }
