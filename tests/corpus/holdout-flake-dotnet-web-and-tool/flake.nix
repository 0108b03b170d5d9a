{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs = inputs:
    let
      genAttrs = inputs.nixpkgs.lib.attrsets.genAttrs;
      systems = [ "x86_64-linux" "x86_64-darwin" "aarch64-linux" "aarch64-darwin" ];
      perSystem = fn: genAttrs systems (system: fn (import inputs.nixpkgs { inherit system; }));
    in {
      packages = perSystem (pkgs: rec {
        scullery = pkgs.callPackage ./nix/scullery.nix {
          dotnet-sdk = pkgs.dotnetCorePackages.sdk_8_0;
          dotnet-runtime = pkgs.dotnetCorePackages.aspnetcore_8_0;
        };
        default = scullery;
      });

      devShells = perSystem (pkgs: {
        default = pkgs.mkShellNoCC { packages = [ pkgs.dotnetCorePackages.sdk_8_0 pkgs.postgresql ]; };
      });
    };
}
