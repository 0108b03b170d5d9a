# What the stand-in for nixos/nix holds: the programs of the real image's profile, and all that examples build from.
let
  pkgs = import /srv/lab/nixpkgs { system = "x86_64-linux"; };
in
{
  profile = pkgs.symlinkJoin {
    name = "root-profile-env";
    paths = with pkgs; [ bashInteractive cacert coreutils curl findutils git gnugrep gnutar gzip less nix ];
  };
  examples = with pkgs; [ busybox glibcLocales gnused iana-etc openssh python3 tzdata ];
  docker = with pkgs; [ containerd docker-buildx docker-client docker-engine iptables runc tini ];
}
