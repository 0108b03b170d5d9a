{
  description = "Reads the lid sensor of a laptop";

  outputs = { self, nixpkgs }: {
    packages.aarch64-darwin.default = nixpkgs.legacyPackages.aarch64-darwin.stdenv.mkDerivation {
      name = "lidwatch";
      src = ./.;
      installPhase = "install -D lidwatch.sh $out/bin/lidwatch";
    };
  };
}
