{
  description = "Tidewrack, what the sea left on the beach";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
  inputs.flake-utils.url = "github:numtide/flake-utils";

  outputs = { nixpkgs, flake-utils, ... }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = import nixpkgs { inherit system; };
        ruby = pkgs.ruby_3_3;

        # bundix -l after every change to Gemfile.lock
        gems = pkgs.bundlerEnv {
          name = "tidewrack-gems";
          inherit ruby;
          gemdir = ./.;
          groups = [ "default" "production" ];
        };
      in
      rec {
        packages.default = pkgs.stdenv.mkDerivation {
          pname = "tidewrack";
          version = "1.2.0";
          src = ./.;

          buildInputs = [ gems gems.wrappedRuby ];

          dontBuild = true;

          # bin/rails gets the wrapped ruby in its first line
          installPhase = ''
            mkdir -p $out/share/tidewrack
            cp -r . $out/share/tidewrack
            ln -s /tmp $out/share/tidewrack/tmp
          '';

          passthru = { inherit gems ruby; };
        };

        packages.gems = gems;

        devShells.default = pkgs.mkShell {
          packages = [ gems gems.wrappedRuby pkgs.bundix pkgs.redis pkgs.postgresql ];
        };

        checks.app = packages.default;
      });
}
