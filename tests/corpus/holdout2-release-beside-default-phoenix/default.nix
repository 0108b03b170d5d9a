{ pkgs ? import ./nix/nixpkgs.nix { } }:

let
  beam = pkgs.beam.packagesWith pkgs.beam.interpreters.erlang_27;

  pname = "moorgate";
  version = "0.14.0";
  src = pkgs.lib.cleanSourceWith {
    src = ./.;
    filter = path: _type:
      !(builtins.elem (baseNameOf path) [ "_build" "deps" "nix" "release.nix" "result" ]);
  };
in
beam.mixRelease {
  inherit pname version src;
  elixir = beam.elixir_1_17;

  mixFodDeps = beam.fetchMixDeps {
    pname = "mix-deps-${pname}";
    inherit version src;
    hash = "sha256-CDBTLtinl8w6VJu4vrHEI+aLBmJ+oMaklDxp21y6Nvw=";
  };

  nativeBuildInputs = [ pkgs.esbuild ];

  postBuild = ''
    esbuild assets/app.js --bundle --minify --outfile=priv/static/app.js
    mix do deps.loadpaths --no-deps-check, phx.digest
  '';
}
