{
  description = "Parcels: an HTTP front, a sorter and the schema";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      eachSystem = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});

      version = self.shortRev or "dirty";

      # One Go module, one package for each program.
      program =
        pkgs: name:
        pkgs.buildGoModule {
          pname = name;
          inherit version;
          src = ./.;
          vendorHash = "sha256-H0aXWY6nCrLQfLIWVBHHtRLVwFzvWIzRzVbYnhQpQ3U=";
          subPackages = [ "cmd/${name}" ];
          env.CGO_ENABLED = 0;
          ldflags = [
            "-s"
            "-w"
            "-X main.version=${version}"
          ];
        };
    in
    {
      packages = eachSystem (pkgs: {
        server = program pkgs "parcel-api";
        worker = program pkgs "parcel-sorter";
        migrate = program pkgs "parcel-migrate";
      });

      devShells = eachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = with pkgs; [
            go
            gopls
            postgresql_16
          ];
        };
      });

      formatter = eachSystem (pkgs: pkgs.nixfmt-rfc-style);
    };
}
