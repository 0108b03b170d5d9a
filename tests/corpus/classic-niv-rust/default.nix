{ sources ? import ./nix/sources.nix
, system ? builtins.currentSystem
, pkgs ? import sources.nixpkgs { inherit system; overlays = [ (import ./nix/overlay.nix { inherit sources; }) ]; }
}:

pkgs.naersk.buildPackage {
  root = ./.;
  nativeBuildInputs = [ pkgs.pkg-config ];
  # the importer is tested against the live feed, not here
  doCheck = false;
}
