{ pkgs ? import ./nix/pkgs.nix { }
, hoogle ? false
}:

let
  haskellPackages = pkgs.haskellPackages;
  drv = haskellPackages.callPackage ./otterlog.nix { };

  shell = haskellPackages.shellFor {
    packages = _: [ drv ];
    withHoogle = hoogle;
    nativeBuildInputs = with pkgs; [ cabal-install ghcid ];
  };
in
if pkgs.lib.inNixShell then shell else drv
