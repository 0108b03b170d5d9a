{
  description = "In place of numtide/treefmt-nix";

  outputs = _: {
    flakeModule._perSystemFrom = { pkgs, ... }: found: { formatter = pkgs.treefmt; };
    lib.mkWrapper = pkgs: module: pkgs.treefmt;
    lib.evalModule = pkgs: module: { config.build = { wrapper = pkgs.treefmt; check = _: pkgs.treefmt; }; };
  };
}
