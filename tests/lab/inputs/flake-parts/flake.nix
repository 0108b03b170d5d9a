{
  description = "In place of hercules-ci/flake-parts: modules are merged, options and priorities are not known";

  outputs = { self, ... }: {
    lib.mkFlake = import ./make.nix;
    lib.evalFlakeModule = import ./make.nix;
    flakeModules = {
      easyOverlay = { };
      flakeModules = { };
      modules = { };
      partitions = { };
    };
  };
}
