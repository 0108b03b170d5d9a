{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.flake-utils.url = "github:numtide/flake-utils";
  outputs = { self, nixpkgs, flake-utils }:
    flake-utils.lib.eachDefaultSystem (system:
      let pkgs = nixpkgs.legacyPackages.${system}; in
      rec {
        packages.run = pkgs.writeShellScriptBin "run-app" ''
          exec ${pkgs.darkhttpd}/bin/darkhttpd ${./public} --port "$PORT"
        '';
        defaultPackage = packages.run;
      });
}
