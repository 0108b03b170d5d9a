{ system ? builtins.currentSystem }:

let
  pin = builtins.fromJSON (builtins.readFile ./nixpkgs.json);
  nixpkgs = builtins.fetchTarball {
    url = "https://github.com/${pin.owner}/${pin.repo}/archive/${pin.rev}.tar.gz";
    inherit (pin) sha256;
  };
in
import nixpkgs {
  inherit system;
  config = { };
  overlays = [ (import ./overlay.nix) ];
}
