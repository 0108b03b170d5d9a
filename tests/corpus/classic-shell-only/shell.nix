let
  pkgs = import <nixpkgs> { };
  python = pkgs.python3.withPackages (ps: [ ps.numpy ps.matplotlib ]);
in
pkgs.mkShell {
  buildInputs = [ python pkgs.graphviz ];
  shellHook = ''
    export PYTHONPATH=$PWD
  '';
}
