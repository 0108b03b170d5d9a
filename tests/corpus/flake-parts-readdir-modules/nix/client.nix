{
  perSystem = {
    pkgs,
    self',
    ...
  }: {
    packages.saltpan = pkgs.python3Packages.buildPythonApplication {
      pname = "saltpan";
      version = "0.5.0";
      pyproject = true;
      src = ../client;
      build-system = [pkgs.python3Packages.hatchling];
      dependencies = [pkgs.python3Packages.requests];
      meta.mainProgram = "saltpan";
    };
    packages.default = self'.packages.saltpan;
  };
}
