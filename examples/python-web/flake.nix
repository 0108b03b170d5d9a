{
  description = "A guestbook in plain Python";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs = { self, nixpkgs }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
    in
    {
      packages.x86_64-linux.default = pkgs.stdenvNoCC.mkDerivation {
        pname = "guestbook";
        version = "1.0.0";
        src = ./app;
        installPhase = ''
          mkdir -p $out/bin $out/share/guestbook
          cp app.py $out/share/guestbook/
          cat > $out/bin/guestbook <<EOF
          #!${pkgs.runtimeShell}
          exec ${pkgs.python3}/bin/python3 -u $out/share/guestbook/app.py
          EOF
          chmod +x $out/bin/guestbook
        '';
        meta = {
          description = "A page where visitors leave a line";
          mainProgram = "guestbook";
        };
      };
    };
}
