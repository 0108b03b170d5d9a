{
  description = "tollgate: rate limits at the edge";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    nixos-generators = {
      url = "github:nix-community/nixos-generators";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = { self, nixpkgs, nixos-generators }:
    let
      system = "x86_64-linux";
      pkgs = import nixpkgs {
        inherit system;
        config.allowUnfree = true; # ngrok, for demos
      };
      lib = pkgs.lib;

      build = p: p.callPackage ./nix/tollgate.nix { };
    in
    {
      packages.${system} = {
        default = self.packages.${system}.image;

        tollgate = build pkgs;
        tollgate-static = build pkgs.pkgsStatic;
        tollgate-arm64 = build pkgs.pkgsCross.aarch64-multiplatform;

        image = pkgs.dockerTools.buildLayeredImage {
          name = "registry.tollgate.example/tollgate";
          tag = "latest";
          contents = [ pkgs.cacert pkgs.tzdata ];
          config = {
            Cmd = [ "${self.packages.${system}.tollgate}/bin/tollgated" "gateway" "run" ];
            Env = [ "TOLLGATE_LOG=json" ];
            ExposedPorts."8080/tcp" = { };
          };
        };

        image-debug = pkgs.dockerTools.buildImage {
          name = "tollgate-debug";
          fromImage = self.packages.${system}.image;
          copyToRoot = pkgs.buildEnv {
            name = "debug-tools";
            paths = with pkgs; [ bashInteractive coreutils curl dnsutils ];
          };
        };

        ami = nixos-generators.nixosGenerate {
          inherit system;
          format = "amazon";
          modules = [
            {
              systemd.services.tollgate = {
                wantedBy = [ "multi-user.target" ];
                script = "exec ${lib.getExe self.packages.${system}.tollgate} gateway run";
              };
            }
          ];
        };

        docs = pkgs.runCommand "tollgate-docs" { nativeBuildInputs = [ pkgs.pandoc ]; } ''
          mkdir $out
          pandoc -s -o $out/index.html ${./README.md}
        '';

        dev-redis = pkgs.writeShellScriptBin "dev-redis" ''
          exec ${pkgs.redis}/bin/redis-server --port 6390 --save ""
        '';

        demo-tunnel = pkgs.writeShellScriptBin "demo-tunnel" ''
          exec ${pkgs.ngrok}/bin/ngrok http 8080
        '';

        release-notes = pkgs.writers.writePython3Bin "release-notes" { } ''
          import subprocess
          print(subprocess.check_output(["git", "log", "--oneline", "-20"]).decode())
        '';
      };

      devShells.${system}.default = pkgs.mkShell {
        packages = [ pkgs.go pkgs.gopls self.packages.${system}.dev-redis ];
      };
    };
}
