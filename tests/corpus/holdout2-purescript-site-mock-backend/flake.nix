{
  description = "A map of the hedges worth keeping";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      forEach = f: lib.genAttrs [ "x86_64-linux" "x86_64-darwin" "aarch64-darwin" ]
        (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEach (pkgs: {
        default = pkgs.callPackage ./nix/frontend.nix { };

        # `nix run .#backend` while working on the pages without a network
        backend = pkgs.writeShellApplication {
          name = "hedgemap-mock";
          runtimeInputs = [ pkgs.python3Minimal ];
          text = ''
            exec python3 -m http.server --bind 127.0.0.1 --directory ${./mock} "''${1:-8099}"
          '';
        };
      });

      devShells = forEach (pkgs: {
        default = pkgs.mkShell {
          packages = with pkgs; [ purescript spago esbuild nodejs ];
        };
      });
    };
}
