# Prints labels for jars, at the kitchen table
{ pkgs, ... }:
pkgs.writeShellApplication {
  name = "larder-labels";
  runtimeInputs = [ pkgs.qrencode ];
  text = ''
    for jar in "$@"; do qrencode -t ANSIUTF8 "larder:$jar"; done
  '';
}
