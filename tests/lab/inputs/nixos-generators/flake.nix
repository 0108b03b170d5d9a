{
  description = "In place of nix-community/nixos-generators";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }: {
    nixosGenerate = { system ? "x86_64-linux", format, ... }:
      nixpkgs.legacyPackages.${system}.stdenv.mkDerivation { name = "nixos-${format}-image"; };
  };
}
