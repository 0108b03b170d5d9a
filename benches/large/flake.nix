{
  description = "A small server that has much beside it: some 350 store paths of 2.3 GB";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs = { nixpkgs, ... }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
      # benches/prepare.sh puts them there.
      large = import "${nixpkgs}/large/debs.nix" { inherit system; };
    in
    {
      packages.${system}.default = pkgs.stdenvNoCC.mkDerivation {
        pname = "workshop";
        version = "1.0.0";
        src = ./app;
        tools = map (name: large.${name}) (import ./closure.nix);
        installPhase = ''
          mkdir -p $out/bin $out/share/workshop
          cp server.py $out/share/workshop/
          printf '%s\n' $tools > $out/share/workshop/tools
          cat > $out/bin/workshop <<EOF
          #!${pkgs.runtimeShell}
          exec ${large.python3}/bin/python3 -u $out/share/workshop/server.py $out/share/workshop/tools
          EOF
          chmod +x $out/bin/workshop
        '';
        meta.mainProgram = "workshop";
      };
    };
}
