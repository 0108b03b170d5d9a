{ pkgs }:

self: super:

let
  local = name: self.callCabal2nix name (pkgs.lib.cleanSource (../.. + "/${name}")) { };
in
{
  pagoda-core = local "pagoda-core";
  pagoda-web = local "pagoda-web";
}
