{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    flake-parts = {
      url = "github:hercules-ci/flake-parts";
      inputs.nixpkgs-lib.follows = "nixpkgs";
    };
  };

  outputs = inputs @ {flake-parts, ...}:
    flake-parts.lib.mkFlake {inherit inputs;} {
      systems = ["x86_64-linux"];

      perSystem = {
        pkgs,
        self',
        ...
      }: let
        dotnet-sdk = pkgs.dotnetCorePackages.sdk_8_0;
      in {
        packages.fathom = pkgs.buildDotnetModule {
          pname = "fathom";
          version = "2.2.0";
          src = ./.;
          projectFile = "src/Web/Web.csproj";
          nugetDeps = ./deps.json;
          inherit dotnet-sdk;
          dotnet-runtime = pkgs.dotnetCorePackages.aspnetcore_8_0;
        };
        packages.default = self'.packages.fathom;

        devShells.default = pkgs.mkShell {packages = [dotnet-sdk];};
        formatter = pkgs.alejandra;
      };
    };
}
