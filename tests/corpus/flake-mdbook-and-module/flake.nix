{
  description = "ferryman — file drops that expire";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = inputs: with inputs; let
    pkgsFor = system: nixpkgs.legacyPackages.${system};
    linux = nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ];
    version = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).package.version;
  in {
    packages = linux (system: let pkgs = pkgsFor system; in {
      ferryman = pkgs.rustPlatform.buildRustPackage {
        pname = "ferryman";
        inherit version;
        src = pkgs.lib.sourceByRegex ./. [ "Cargo\\.(toml|lock)" "src(/.*)?" ];
        cargoLock.lockFile = ./Cargo.lock;
      };

      docs = pkgs.stdenvNoCC.mkDerivation {
        name = "ferryman-book-${version}";
        src = ./docs;
        nativeBuildInputs = [ pkgs.mdbook ];
        buildPhase = "mdbook build -d $out";
        dontInstall = true;
      };
    });

    nixosModules.default = import ./nix/module.nix self;

    checks.x86_64-linux.module = (pkgsFor "x86_64-linux").testers.runNixOSTest {
      name = "ferryman";
      nodes.machine = {
        imports = [ self.nixosModules.default ];
        services.ferryman.enable = true;
      };
      testScript = ''
        machine.wait_for_open_port(7070)
        machine.succeed("curl -f localhost:7070/health")
      '';
    };
  };
}
