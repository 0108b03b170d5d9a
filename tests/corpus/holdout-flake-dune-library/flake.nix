{
  description = "plover: tide tables as an OCaml library";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs = { self, nixpkgs, ... }@inputs:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];
      withPkgs = f:
        nixpkgs.lib.genAttrs systems (system:
          f (nixpkgs.legacyPackages.${system}.extend self.overlays.default));
    in
    {
      overlays.default = final: prev: {
        ocamlPackages = prev.ocamlPackages.overrideScope (ofinal: oprev: {
          plover = ofinal.callPackage ./nix/plover.nix { };
        });
      };

      packages = withPkgs (pkgs: {
        inherit (pkgs.ocamlPackages) plover;
        default = pkgs.ocamlPackages.plover;
      });

      checks = withPkgs (pkgs: {
        plover = pkgs.ocamlPackages.plover.overrideAttrs { doCheck = true; };
      });

      devShells = withPkgs (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ pkgs.ocamlPackages.plover ];
          nativeBuildInputs = with pkgs.ocamlPackages; [ ocaml-lsp ocamlformat utop ];
        };
      });
    };
}
