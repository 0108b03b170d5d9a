{
  description = "skerry";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
    flake-compat = {
      url = "github:edolstra/flake-compat";
      flake = false;
    };
  };

  outputs = { self, nixpkgs, flake-compat }:
    let
      supportedSystems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      perSystem = nixpkgs.lib.attrsets.genAttrs supportedSystems;
      pkgsFor = system: nixpkgs.legacyPackages.${system};

      skerry = { lib, buildDunePackage, dream, yojson, lwt_ppx, alcotest }:
        buildDunePackage {
          pname = "skerry";
          version = "0.2";
          src = lib.cleanSource ./.;
          minimalOCamlVersion = "4.14";

          nativeBuildInputs = [ lwt_ppx ];
          buildInputs = [ dream yojson ];
          checkInputs = [ alcotest ];

          # dune installs the program, not the pages
          postInstall = ''
            mkdir -p $out/share/skerry
            cp -r static $out/share/skerry/
          '';
        };
    in
    {
      packages = perSystem (system: {
        default = (pkgsFor system).ocamlPackages.callPackage skerry { };
      });

      devShells = perSystem (system:
        let pkgs = pkgsFor system; in {
          default = pkgs.mkShell {
            inputsFrom = [ self.packages.${system}.default ];
            packages = [ pkgs.ocamlPackages.ocaml-lsp pkgs.ocamlPackages.utop pkgs.ocamlformat ];
          };
        });
    };
}
