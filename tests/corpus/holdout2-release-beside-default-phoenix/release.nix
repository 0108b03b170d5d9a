# Hydra's jobset
{ supportedSystems ? [ "x86_64-linux" "aarch64-linux" ] }:

let
  nixpkgsFor = system: import ./nix/nixpkgs.nix { inherit system; };
  inherit (nixpkgsFor "x86_64-linux") lib;
  forAllSystems = lib.genAttrs supportedSystems;
in
rec {
  moorgate = forAllSystems (system: import ./default.nix { pkgs = nixpkgsFor system; });

  dockerImage = forAllSystems (system: (nixpkgsFor system).dockerTools.buildLayeredImage {
    name = "moorgate";
    config.Cmd = [ "${moorgate.${system}}/bin/moorgate_web" "start" ];
  });
}
