{
  description = "Quill: drafts, comments, corrections";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    flake-compat.url = "github:edolstra/flake-compat";
    flake-compat.flake = false;
  };

  outputs = { self, nixpkgs, flake-compat }: let
    systems = [ "x86_64-linux" "aarch64-linux" ];
    forAllSystems = function:
      nixpkgs.lib.genAttrs systems (system: function (import nixpkgs {
        inherit system;
        config.allowUnfreePredicate = pkg: builtins.elem (nixpkgs.lib.getName pkg) [ "rider" ];
      }));
  in {
    packages = forAllSystems (pkgs: {
      default = pkgs.buildDotnetModule {
        pname = "quill";
        version = "1.12.0";
        src = ./.;

        projectFile = "src/Quill.Web/Quill.Web.csproj";
        testProjectFile = "tests/Quill.Tests/Quill.Tests.csproj";
        nugetDeps = ./deps.json;

        dotnet-sdk = pkgs.dotnetCorePackages.sdk_8_0;
        dotnet-runtime = pkgs.dotnetCorePackages.aspnetcore_8_0;

        doCheck = true;
      };
    });

    devShells = forAllSystems (pkgs: {
      default = pkgs.mkShell {
        packages = [ pkgs.dotnetCorePackages.sdk_8_0 pkgs.jetbrains.rider ];
        DOTNET_CLI_TELEMETRY_OPTOUT = "1";
      };
    });
  };
}
