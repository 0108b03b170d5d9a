let
  sources = import ./npins;
in
{
  pkgs ? import sources.nixpkgs {
    config = { };
    overlays = [ ];
  },
}:
let
  inherit (import sources."gitignore.nix" { inherit (pkgs) lib; }) gitignoreSource;
  py = pkgs.python3Packages;
in
py.buildPythonApplication {
  pname = "quillroom";
  version = "1.7.0";
  pyproject = true;

  src = gitignoreSource ./.;

  build-system = [ py.hatchling ];
  dependencies = with py; [
    fastapi
    uvicorn
    jinja2
  ];

  pythonImportsCheck = [ "quillroom" ];
}
