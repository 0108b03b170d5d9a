{ lib, beam, src, esbuild, tailwindcss }:
let
  beamPackages = beam.packages.erlang_27;
in
beamPackages.mixRelease rec {
  pname = "tidepool";
  version = "0.6.2";
  inherit src;

  elixir = beamPackages.elixir_1_17;

  mixFodDeps = beamPackages.fetchMixDeps {
    pname = "mix-deps-${pname}";
    inherit src version elixir;
    hash = "sha256-o3mXh4EqzJQ5cYlRkL2Lk7ePIGZPnZOTq8yS2t5mZK0=";
  };

  postBuild = ''
    ln -sf ${lib.getExe esbuild} _build/esbuild-linux-x64
    ln -sf ${lib.getExe tailwindcss} _build/tailwind-linux-x64
    mix assets.deploy --no-deps-check
  '';
}
