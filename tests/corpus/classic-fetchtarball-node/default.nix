let
  # nixos-25.05 of 2025-06-14; update with ./bump-nixpkgs.sh
  nixpkgs = builtins.fetchTarball {
    name = "nixos-25.05-2025-06-14";
    url = "https://github.com/NixOS/nixpkgs/archive/02d625a57b513f78439423dab8d00eaafe318453.tar.gz";
    sha256 = "17whnv59xxmv1gr6acsr1idgjyjpffww8cvgwdcaqkw7knhddyij";
  };
  pkgs = import nixpkgs {};

  manifest = builtins.fromJSON (builtins.readFile ./package.json);
in
  pkgs.buildNpmPackage {
    pname = manifest.name;
    inherit (manifest) version;

    src = ./.;
    npmDepsHash = "sha256-tphk/zLngETpFqzhLQdMvOMahVvTycp0ZnmwhAEls5A=";
    dontNpmBuild = true;

    meta.description = manifest.description;
  }
