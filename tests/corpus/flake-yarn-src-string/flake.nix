{
  description = "guestbook";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-23.11";
  inputs.flake-utils.url = "github:numtide/flake-utils";

  outputs = { nixpkgs, flake-utils, ... }:
    flake-utils.lib.eachSystem [ "x86_64-linux" "aarch64-linux" ] (system:
      let pkgs = nixpkgs.legacyPackages.${system};
      in rec {
        packages.guestbook = pkgs.mkYarnPackage rec {
          name = "guestbook";
          src = "./.";
          offlineCache = pkgs.fetchYarnDeps {
            yarnLock = src + "/yarn.lock";
            hash = "sha256-Yk0nPTw7qV5xZnPzcH3vEowSjmkX4tHjS2ZQKAMt5Xk=";
          };
          # drop the tarball yarn packs
          distPhase = "true";
        };
        packages.default = packages.guestbook;

        apps.default = flake-utils.lib.mkApp { drv = packages.guestbook; };
      });
}
