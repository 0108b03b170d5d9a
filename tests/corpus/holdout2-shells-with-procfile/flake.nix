{
  description = "What you need to work on Fenland";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    devshell.url = "github:numtide/devshell";
    devshell.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs = { self, nixpkgs, devshell }:
    let
      eachSystem = f: nixpkgs.lib.mapAttrs (system: _: f system) nixpkgs.legacyPackages;
      shellFor = system:
        let
          pkgs = import nixpkgs {
            inherit system;
            overlays = [ devshell.overlays.default ];
          };
        in
        pkgs.devshell.mkShell {
          name = "fenland";
          packages = [
            pkgs.nodejs_22
            pkgs.python313
            pkgs.uv
            pkgs.overmind
            pkgs.postgresql_17
          ];
          commands = [
            { name = "up"; help = "start everything"; command = "uv sync && npm --prefix web install && overmind start"; }
            { name = "lint"; help = "look for mistakes"; command = "ruff check api"; package = pkgs.ruff; }
          ];
          env = [
            { name = "DATABASE_URL"; eval = "postgres:///fenland?host=$PRJ_DATA_DIR"; }
          ];
        };
    in
    {
      devShells = nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-darwin" ] (system: {
        default = shellFor system;
      });

      formatter = eachSystem (system: nixpkgs.legacyPackages.${system}.nixfmt-rfc-style);
    };
}
