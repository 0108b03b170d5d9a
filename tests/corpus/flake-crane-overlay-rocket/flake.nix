{
  description = "peatbog measures water levels in bogs";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
    crane.url = "github:ipetkov/crane";
    rust-overlay = {
      url = "github:oxalica/rust-overlay";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = { self, nixpkgs, crane, rust-overlay }:
    let
      forEachSystem = f: nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system:
        f (nixpkgs.legacyPackages.${system}.extend (nixpkgs.lib.composeManyExtensions [
          rust-overlay.overlays.default
          self.overlays.default
        ])));
    in
    {
      overlays.default = final: prev:
        let
          toolchain = final.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml;
          craneLib = (crane.mkLib final).overrideToolchain toolchain;
          args = { src = craneLib.cleanCargoSource ./.; strictDeps = true; };
        in
        {
          peatbog = craneLib.buildPackage (args // {
            cargoArtifacts = craneLib.buildDepsOnly args;
          });
        };

      packages = forEachSystem (pkgs: {
        inherit (pkgs) peatbog;
        default = pkgs.peatbog;
        container = pkgs.dockerTools.streamLayeredImage {
          name = "peatbog";
          tag = "latest";
          contents = [ pkgs.cacert ];
          config = {
            Cmd = [ "${pkgs.peatbog}/bin/bogd" ];
            Env = [ "ROCKET_ADDRESS=0.0.0.0" "ROCKET_PORT=8000" ];
          };
        };
      });

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell { inputsFrom = [ pkgs.peatbog ]; };
      });

      formatter = forEachSystem (pkgs: pkgs.nixpkgs-fmt);
    };
}
