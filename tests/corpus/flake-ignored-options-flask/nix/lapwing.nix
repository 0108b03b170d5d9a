{ python3Packages, operator }:

python3Packages.buildPythonApplication {
  pname = "lapwing";
  version = "1.3.0";
  pyproject = true;
  src = ../.;

  build-system = [ python3Packages.setuptools ];
  dependencies = with python3Packages; [ flask waitress ];

  # the pages say whom to call
  makeWrapperArgs = [ "--set LAPWING_OPERATOR '${operator}'" ];
}
