{
  description = "copperjay, a paste bin that forgets";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/release-25.05";

  outputs = { self, nixpkgs, ... }:
    let
      system = "x86_64-linux";
      pkgs = import nixpkgs { inherit system; };

      copperjay = pkgs.crystal.buildCrystalPackage {
        pname = "copperjay-pastes";
        version = "0.8.1";
        src = ./.;
        format = "crystal";
        crystalBinaries.copperjayd.src = "src/copperjay.cr";
        doInstallCheck = false;
      };
    in
    {
      packages.${system}.default = pkgs.dockerTools.buildLayeredImage {
        name = "registry.example.com/copperjay";
        tag = "latest";

        contents = [
          copperjay
          pkgs.cacert
          pkgs.tzdata
        ];

        config = {
          Cmd = [ "/bin/copperjayd" "serve" ];
          Env = [ "COPPERJAY_PORT=8420" "TZ=UTC" ];
          ExposedPorts."8420/tcp" = { };
        };
      };
    };
}
