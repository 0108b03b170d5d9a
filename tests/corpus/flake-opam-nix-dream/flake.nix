{
  inputs = {
    opam-nix.url = "github:tweag/opam-nix";
    opam-repository = {
      url = "github:ocaml/opam-repository";
      flake = false;
    };
    opam-nix.inputs.opam-repository.follows = "opam-repository";
    nixpkgs.follows = "opam-nix/nixpkgs";
  };

  outputs =
    { self, nixpkgs, opam-nix, ... }:
    let
      name = "lanternfish";
      eachSystem = nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ];

      scopeFor =
        system:
        (opam-nix.lib.${system}.buildDuneProject { } name ./. {
          ocaml-base-compiler = "5.2.1";
          ocaml-lsp-server = "*";
        }).overrideScope
          (
            _: prev: {
              # the tests are run in CI
              ${name} = prev.${name}.overrideAttrs { doCheck = false; };
            }
          );
    in
    {
      legacyPackages = eachSystem scopeFor;

      packages = eachSystem (system: {
        default = self.legacyPackages.${system}.${name};
      });

      devShells = eachSystem (system: {
        default = nixpkgs.legacyPackages.${system}.mkShell {
          inputsFrom = [ self.packages.${system}.default ];
          packages = [ self.legacyPackages.${system}.ocaml-lsp-server ];
        };
      });
    };
}
