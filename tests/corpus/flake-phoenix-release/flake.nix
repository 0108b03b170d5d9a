{
  description = "Tidepool";

  inputs.nixpkgs.url = "github:nixos/nixpkgs?ref=nixos-25.05";

  outputs = { self, nixpkgs, ... }:
    let
      forAllSystems = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed;
      pkgsFor = system: import nixpkgs { inherit system; overlays = [ self.overlays.default ]; };
    in
    {
      overlays.default = final: prev: {
        tidepool = final.callPackage ./nix/release.nix { src = self; };
      };

      packages = forAllSystems (system: {
        inherit (pkgsFor system) tidepool;
        default = (pkgsFor system).tidepool;
      });

      devShells = forAllSystems (system:
        let pkgs = pkgsFor system; in
        {
          default = pkgs.mkShell {
            packages = [ pkgs.elixir_1_17 pkgs.nodejs pkgs.inotify-tools pkgs.postgresql ];
            ERL_AFLAGS = "-kernel shell_history enabled";
          };
        });
    };
}
