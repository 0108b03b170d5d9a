{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" ];
      forAllSystems = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = forAllSystems (pkgs: {
        server = pkgs.buildGoModule { pname = "server"; version = "1"; src = ./.; subPackages = [ "cmd/stall-server" ]; vendorHash = null; };
        worker = pkgs.buildGoModule { pname = "worker"; version = "1"; src = ./.; subPackages = [ "cmd/stall-worker" ]; vendorHash = null; };
        docs = pkgs.runCommand "docs" { } "mkdir $out; cp ${./README.md} $out/index.md";
      });
    };
}
