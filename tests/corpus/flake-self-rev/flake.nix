{
  description = "teasel - seed exchange";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      eachSystem = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
      # the running version is shown in the footer of every page
      version = "0.6.0+${self.shortRev}";
    in
    {
      packages = eachSystem (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = "teasel";
          inherit version;

          src = lib.fileset.toSource {
            root = ./.;
            fileset = lib.fileset.unions [
              ./Cargo.toml
              ./Cargo.lock
              ./src
            ];
          };

          cargoHash = "sha256-uKKHcWqywuhfcxL+U4u6D9f3ROqon5WkT90jOMAsbGw=";

          env.TEASEL_COMMIT = self.rev;

          # "server" alone is too general a name for a system's PATH
          postInstall = ''
            mv $out/bin/server $out/bin/teasel-server
          '';
        };
      });

      checks = eachSystem (pkgs: {
        inherit (self.packages.${pkgs.system}) default;
      });

      formatter = eachSystem (pkgs: pkgs.nixfmt-rfc-style);
    };
}
