{ pkgs }:

let
  inherit (pkgs.haskell.lib) justStaticExecutables dontHaddock;

  haskellPackages = pkgs.haskellPackages.extend (import ./overlays { inherit pkgs; });
in
{
  pagoda-core = haskellPackages.pagoda-core;

  pagoda-web = justStaticExecutables (dontHaddock haskellPackages.pagoda-web);

  shell = haskellPackages.shellFor {
    packages = p: [ p.pagoda-core p.pagoda-web ];
    buildInputs = [ pkgs.cabal-install pkgs.ghcid ];
    withHoogle = false;
  };
}
