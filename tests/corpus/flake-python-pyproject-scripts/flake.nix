{
  description = "Temperatures of the glasshouses";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      forAllSystems =
        function:
        lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (
          system: function nixpkgs.legacyPackages.${system}
        );
      pyproject = lib.importTOML ./pyproject.toml;
    in
    {
      packages = forAllSystems (
        pkgs:
        let
          python = pkgs.python312;
          glasshouse = python.pkgs.buildPythonApplication {
            pname = pyproject.project.name;
            inherit (pyproject.project) version;
            pyproject = true;
            src = ./.;

            build-system = with python.pkgs; [ setuptools ];
            dependencies = with python.pkgs; [
              fastapi
              uvicorn
              python-multipart
            ];
            nativeCheckInputs = with python.pkgs; [
              pytestCheckHook
              httpx
            ];
          };
        in
        {
          inherit glasshouse;
          default = glasshouse;

          docs = pkgs.runCommand "glasshouse-openapi" { nativeBuildInputs = [ glasshouse ]; } ''
            mkdir $out
            glasshouse-api --print-openapi > $out/openapi.json
          '';

          image = pkgs.dockerTools.buildLayeredImage {
            name = "glasshouse";
            config = {
              Cmd = [ (lib.getExe' glasshouse "glasshouse-api") ];
              ExposedPorts."8000/tcp" = { };
            };
          };
        }
      );
    };
}
