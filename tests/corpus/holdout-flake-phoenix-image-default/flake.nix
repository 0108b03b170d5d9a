{
  description = "Halyard - crew lists for sailing schools";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";

  outputs = { self, nixpkgs }:
    let
      supportedSystems = [ "x86_64-linux" "aarch64-linux" ];
      forAllSystems = nixpkgs.lib.genAttrs supportedSystems;
      nixpkgsFor = forAllSystems (system: import nixpkgs { inherit system; });
    in
    {
      packages = forAllSystems (system:
        let
          pkgs = nixpkgsFor.${system};
          beam = pkgs.beam.packages.erlang_27;
          elixir = beam.elixir_1_17;
          pname = "halyard";
          version = "1.4.0";
          src = self;
        in
        {
          halyard = beam.mixRelease {
            inherit pname version src elixir;

            mixFodDeps = beam.fetchMixDeps {
              pname = "mix-deps-${pname}";
              inherit version src elixir;
              hash = "sha256-scJDgBA7TvtqAGLV2LC/VW3T8CH9ioKHrv4y6n2YhIA=";
            };

            nativeBuildInputs = [ pkgs.esbuild ];

            postBuild = ''
              esbuild assets/js/app.js --bundle --minify --outdir=priv/static/assets
              mix do deps.loadpaths --no-deps-check, phx.digest
            '';
          };

          image = pkgs.dockerTools.buildLayeredImage {
            name = "registry.example.org/halyard";
            tag = version;
            contents = [ pkgs.cacert pkgs.bashInteractive ];
            config = {
              Cmd = [ "${self.packages.${system}.halyard}/bin/skipper" "start" ];
              Env = [ "LANG=C.UTF-8" ];
            };
          };

          default = self.packages.${system}.image;
        });

      devShells = forAllSystems (system: {
        default = nixpkgsFor.${system}.mkShell {
          packages = with nixpkgsFor.${system}; [ elixir_1_17 esbuild inotify-tools postgresql ];
        };
      });
    };
}
