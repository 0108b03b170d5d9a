{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let pkgs = nixpkgs.legacyPackages.x86_64-linux; in
    {
      packages.x86_64-linux = rec {
        default = image;
        app = pkgs.rustPlatform.buildRustPackage {
          pname = "relay";
          version = "0.1.0";
          src = ./.;
          cargoLock.lockFile = ./Cargo.lock;
          meta.mainProgram = "relayd";
        };
        image = pkgs.dockerTools.buildLayeredImage {
          name = "relay";
          config.Cmd = [ "${app}/bin/relayd" "--bind" "0.0.0.0" ];
        };
      };
    };
}
