{
  lib,
  nixpkgs,
}: {
  eachSystem = f:
    lib.genAttrs ["x86_64-linux" "aarch64-linux" "aarch64-darwin"]
    (system: f nixpkgs.legacyPackages.${system});

  # Names of the folders directly below a path.
  subfolders = path:
    lib.filterAttrs (_name: type: type == "directory") (builtins.readDir path);
}
