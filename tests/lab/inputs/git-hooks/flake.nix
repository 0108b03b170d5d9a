{
  description = "In place of cachix/git-hooks.nix";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }: {
    flakeModule._perSystemFrom = { pkgs, ... }: found: { pre-commit.devShell = pkgs.mkShell { }; pre-commit.installationScript = ""; };
    lib = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed (system: {
      run = given: nixpkgs.legacyPackages.${system}.pre-commit // { shellHook = ""; enabledPackages = [ ]; };
    });
  };
}
