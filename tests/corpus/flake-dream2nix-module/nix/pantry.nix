{
  lib,
  config,
  dream2nix,
  ...
}: {
  imports = [
    dream2nix.modules.dream2nix.nodejs-package-lock-v3
    dream2nix.modules.dream2nix.nodejs-granular-v3
  ];

  name = "pantry";
  version = "1.4.0";

  mkDerivation = {
    src = lib.cleanSource ./..;
  };

  deps = {nixpkgs, ...}: {
    inherit (nixpkgs) stdenv;
  };

  nodejs-package-lock-v3 = {
    packageLockFile = "${config.mkDerivation.src}/package-lock.json";
  };

  # no bundler in this house
  nodejs-granular-v3.runBuild = false;
}
