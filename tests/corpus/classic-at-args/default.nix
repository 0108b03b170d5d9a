{ pkgs ? import <nixpkgs> { }
, ...
} @ args:

let
  inherit (pkgs) lib;
  # callers may bring another compiler: nix-build --arg ocamlPackages …
  ocamlPackages = args.ocamlPackages or pkgs.ocamlPackages;
in
ocamlPackages.buildDunePackage {
  pname = "brambleway";
  version = "0.5.0";

  # only what is committed, so that _build and editor files never come along
  src = lib.fileset.toSource {
    root = ./.;
    fileset = lib.fileset.intersection (lib.fileset.gitTracked ./.) (lib.fileset.unions [
      ./dune-project
      ./brambleway.opam
      ./bin
    ]);
  };

  buildInputs = with ocamlPackages; [ dream ];
}
