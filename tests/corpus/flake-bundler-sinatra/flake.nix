{
  description = "Stockpot, recipes by what is left in the fridge";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    flake-utils.url = "github:numtide/flake-utils";
  };

  outputs = { self, nixpkgs, flake-utils }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = import nixpkgs { inherit system; };
        ruby = pkgs.ruby_3_3;

        gems = pkgs.bundlerEnv {
          name = "stockpot-gems";
          inherit ruby;
          gemdir = ./.;
        };
      in
      {
        packages = {
          inherit gems;

          default = pkgs.stdenv.mkDerivation {
            name = "stockpot";
            src = ./.;
            nativeBuildInputs = [ pkgs.makeWrapper ];
            dontBuild = true;
            installPhase = ''
              mkdir -p $out/{bin,share/stockpot}
              cp -r app.rb config.ru views public $out/share/stockpot
              makeWrapper ${gems}/bin/puma $out/bin/stockpot-web \
                --set RACK_ENV production
            '';
          };
        };

        devShells.default = pkgs.mkShell {
          packages = [ gems gems.wrappedRuby pkgs.bundix ];
        };
      });
}
