# One instance for each tenant: nix-build --argstr tenant blue --arg settings ./tenants/blue.json
{ pkgs ? import <nixpkgs> { }
, tenant
, settings
}:
pkgs.writeShellApplication {
  name = "poll-${tenant}";
  runtimeInputs = [ pkgs.python3 ];
  text = ''
    export POLL_SETTINGS=${settings}
    exec python3 ${./poll.py}
  '';
}
