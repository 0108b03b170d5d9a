{
  description = "In place of numtide/devshell";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }:
    let shell = pkgs: { mkShell = given: pkgs.mkShell { name = "devshell"; }; fromTOML = file: pkgs.mkShell { name = "devshell"; }; };
    in {
      overlays.default = final: prev: { devshell = shell final; };
      overlay = final: prev: { devshell = shell final; };
      flakeModule._perSystemFrom = { pkgs, ... }: found: { devShells = builtins.mapAttrs (name: _: pkgs.mkShell { inherit name; }) (found.devshells or { }); };
      legacyPackages = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed (system: shell nixpkgs.legacyPackages.${system});
    };
}
