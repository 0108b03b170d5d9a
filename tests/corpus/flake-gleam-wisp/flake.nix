{
  description = "postbox: anonymous letters to the editors";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    nix-gleam.url = "github:arnarg/nix-gleam";
  };

  outputs =
    {
      self,
      nixpkgs,
      nix-gleam,
    }:
    let
      forSystems =
        f:
        builtins.listToAttrs (
          map
            (system: {
              name = system;
              value = f (
                import nixpkgs {
                  inherit system;
                  overlays = [ nix-gleam.overlays.default ];
                }
              );
            })
            [
              "x86_64-linux"
              "aarch64-linux"
            ]
        );
    in
    {
      packages = forSystems (pkgs: {
        default = pkgs.buildGleamApplication { src = ./.; };
      });

      devShells = forSystems (pkgs: {
        default = pkgs.mkShell {
          packages = with pkgs; [
            gleam
            erlang
            rebar3
          ];
        };
      });
    };
}
