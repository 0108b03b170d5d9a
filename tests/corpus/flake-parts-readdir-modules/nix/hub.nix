{
  perSystem = {pkgs, ...}: {
    packages.hub = pkgs.python3Packages.buildPythonApplication {
      pname = "saltpan-hub";
      version = "0.5.0";
      pyproject = true;
      src = ../hub;
      build-system = [pkgs.python3Packages.hatchling];
      dependencies = with pkgs.python3Packages; [aiohttp];
      pythonImportsCheck = ["saltpan_hub"];
    };
  };
}
