{
  description = "Almanac of tides and light";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";

  outputs = { self, nixpkgs }:
    let
      system = "x86_64-linux";
      pkgs = import nixpkgs { inherit system; };
      python = pkgs.python312.withPackages (ps: with ps; [ flask astral black pytest ]);
    in
    {
      packages.${system} = {
        inherit python;

        almanac = pkgs.writeShellApplication {
          name = "serve-almanac";
          runtimeInputs = [ python ];
          text = ''
            exec flask --app ${./almanac.py} run --host 0.0.0.0 --port "''${PORT:-5000}" "$@"
          '';
        };

        fmt = pkgs.writeShellApplication {
          name = "fmt";
          runtimeInputs = [ python pkgs.nixpkgs-fmt ];
          text = ''
            black .
            nixpkgs-fmt .
          '';
        };

        default = self.packages.${system}.python;
      };

      apps.${system}.default = {
        type = "app";
        program = "${self.packages.${system}.almanac}/bin/serve-almanac";
      };
    };
}
