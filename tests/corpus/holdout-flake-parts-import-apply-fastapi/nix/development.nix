{
  perSystem =
    { config, pkgs, ... }:
    {
      treefmt = {
        projectRootFile = "flake.nix";
        programs.nixfmt.enable = true;
        programs.ruff-format.enable = true;
      };

      devShells.default = pkgs.mkShell {
        inputsFrom = [
          config.packages.brambling
          config.treefmt.build.devShell
        ];
        packages = [ pkgs.sqlite-interactive ];
      };
    };
}
