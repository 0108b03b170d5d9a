{
  description = "lockkeeper: opening hours of the canal locks";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs =
    { self, nixpkgs }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};

      lockkeeper = pkgs.buildGoModule {
        pname = "lockkeeper";
        version = "0.1.0";
        src = self;
        vendorHash = null;
      };
    in
    {
      packages.default = lockkeeper;

      apps.${system}.default = {
        type = "app";
        program = "${lockkeeper}/bin/lockkeeper";
      };

      devShells.${system}.default = pkgs.mkShell {
        inputsFrom = [ lockkeeper ];
        packages = [ pkgs.gopls ];
      };
    };
}
