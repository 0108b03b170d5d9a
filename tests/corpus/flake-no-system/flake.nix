{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    packages.default = nixpkgs.legacyPackages.x86_64-linux.stdenv.mkDerivation {
      pname = "forgetful";
      version = "1";
      src = ./.;
    };
  };
}
