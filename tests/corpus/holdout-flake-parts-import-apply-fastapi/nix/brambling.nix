{
  buildPythonApplication,
  hatchling,
  fastapi,
  httptools,
  pydantic-settings,
  sqlalchemy,
  typer,
  uvicorn,
  src,
}:

buildPythonApplication {
  pname = "brambling";
  version = "0.14.0";
  pyproject = true;

  inherit src;

  build-system = [ hatchling ];

  dependencies = [
    fastapi
    httptools
    pydantic-settings
    sqlalchemy
    typer
    uvicorn
  ];

  pythonImportsCheck = [ "brambling" ];

  meta = {
    description = "Counts birds together with the neighbours";
    mainProgram = "brambling";
  };
}
