{ lib, buildDotnetModule, dotnet-sdk, dotnet-runtime }:

buildDotnetModule rec {
  pname = "scullery";
  version = "5.1.0";

  src = lib.sources.sourceByRegex ../. [ "^src.*" ];

  projectFile = [
    "src/Scullery.Web/Scullery.Web.csproj"
    "src/Scullery.Tool/Scullery.Tool.csproj"
  ];
  nugetDeps = ./deps.json;

  inherit dotnet-sdk dotnet-runtime;

  meta.license = lib.licenses.agpl3Plus;
}
