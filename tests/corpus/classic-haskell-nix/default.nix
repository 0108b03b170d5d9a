let
  # haskell.nix brings its own nixpkgs; add https://cache.iog.io to your
  # substituters or be prepared to build GHC
  haskellNixSrc = builtins.fetchTarball {
    url = "https://github.com/input-output-hk/haskell.nix/archive/6bbfc6974084ae3716b075267e3f3c452562a87c.tar.gz";
    sha256 = "1qzhdglg2883if7ynsvcadq3m3rsjclba81bbfifj269m8sqlf8s";
  };
  haskellNix = import haskellNixSrc { };
in
{ pkgs ? import haskellNix.sources.nixpkgs-unstable haskellNix.nixpkgsArgs
, compiler-nix-name ? "ghc984"
}:
pkgs.haskell-nix.project {
  src = ./.;
  projectFileName = "cabal.project";
  inherit compiler-nix-name;
  modules = [
    { packages.saltmarsh.ghcOptions = [ "-O2" ]; }
  ];
}
