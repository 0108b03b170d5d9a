{
  description = "Gannet counts sea birds";

  inputs = {
    nixpkgs.url = "https://flakehub.com/f/NixOS/nixpkgs/0.2411.*.tar.gz";
  };

  outputs = inputs@{ self, nixpkgs, ... }:
    let
      system = "x86_64-linux";
      pkgs = import nixpkgs { inherit system; };

      build = { project, assembly, runtime }: pkgs.buildDotnetModule {
        pname = pkgs.lib.toLower project;
        version = "4.0.0";

        src = ./src;
        projectFile = "${project}/${project}.csproj";
        nugetDeps = ./nix/deps.json;

        dotnet-sdk = pkgs.dotnetCorePackages.sdk_8_0;
        dotnet-runtime = runtime;

        executables = [ assembly ];
      };
    in
    {
      packages.${system} = {
        count = build {
          project = "Gannet.Cli";
          assembly = "gannet";
          runtime = pkgs.dotnetCorePackages.runtime_8_0;
        };
        observatory = build {
          project = "Gannet.Web";
          assembly = "gannet-observatory";
          runtime = pkgs.dotnetCorePackages.aspnetcore_8_0;
        };
      };

      apps.${system}.count = {
        type = "app";
        program = "${self.packages.${system}.count}/bin/gannet";
      };

      devShells.${system}.default = pkgs.mkShell {
        packages = [ pkgs.dotnetCorePackages.sdk_8_0 pkgs.nuget-to-json ];
        DOTNET_CLI_TELEMETRY_OPTOUT = 1;
      };
    };
}
