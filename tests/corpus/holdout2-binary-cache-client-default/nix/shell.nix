{
  perSystem = { self', pkgs, ... }: {
    devShells.default = pkgs.mkShell {
      inputsFrom = [ self'.packages.cellar-server ];
      packages = [ pkgs.rust-analyzer pkgs.cargo-edit pkgs.postgresql ];
    };
    formatter = pkgs.nixpkgs-fmt;
  };
}
