{
  description = "parishlist";

  inputs.nixpkgs.url = "nixpkgs/nixos-25.05";

  outputs = { self, nixpkgs }: let
    pkgs = import nixpkgs { system = "x86_64-linux"; };
    php = pkgs.php83.withExtensions ({ enabled, all }: enabled ++ [ all.pdo_pgsql ]);
  in {
    packages.x86_64-linux.default = php.buildComposerProject2 (finalAttrs: {
      pname = "parishlist";
      version = "4.2.0";
      src = ./.;
      vendorHash = "sha256-f9fcxYnoCOMuR8o5ly/llBcleDYBpoZhr2GW7OZ5TGM=";
    });

    devShells.x86_64-linux.default = pkgs.mkShell {
      packages = [ php php.packages.composer pkgs.symfony-cli ];
    };
  };
}
