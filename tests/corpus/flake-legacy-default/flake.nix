{
  inputs.nixpkgs.url = github:NixOS/nixpkgs;
  outputs = { self, nixpkgs }: {
    defaultPackage.x86_64-linux =
      with import nixpkgs { system = "x86_64-linux"; };
      stdenv.mkDerivation {
        name = "guestbook";
        src = self;
        buildInputs = [ (perl.withPackages (p: [ p.Mojolicious ])) ];
        installPhase = "install -D guestbook.pl $out/bin/guestbook";
      };
  };
}
