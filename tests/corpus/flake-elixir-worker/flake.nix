{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
    flake-utils.url = "github:numtide/flake-utils";
    pre-commit-hooks = {
      url = "github:cachix/git-hooks.nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = { self, nixpkgs, flake-utils, pre-commit-hooks }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = nixpkgs.legacyPackages.${system};
        inherit (pkgs) beamPackages;
        mixNixDeps = import ./nix/deps.nix { inherit (pkgs) lib; inherit beamPackages; };
      in
      {
        checks.pre-commit = pre-commit-hooks.lib.${system}.run {
          src = ./.;
          hooks.mix-format.enable = true;
        };

        packages.default = beamPackages.mixRelease {
          pname = "parcel-tracker";
          version = "3.0.1";
          src = ./.;
          inherit mixNixDeps;
          removeCookie = false;
        };

        devShells.default = pkgs.mkShell {
          inherit (self.checks.${system}.pre-commit) shellHook;
          packages = [ beamPackages.elixir pkgs.mix2nix pkgs.rabbitmq-server ];
        };
      });
}
