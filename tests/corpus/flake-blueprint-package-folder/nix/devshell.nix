{ pkgs, perSystem }:
pkgs.mkShell {
  packages = [
    pkgs.go
    perSystem.self.labels
  ];
}
