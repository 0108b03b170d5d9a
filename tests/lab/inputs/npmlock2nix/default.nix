# In place of nix-community/npmlock2nix.
{ pkgs, ... }:
let
  build = given:
    let manifest = builtins.fromJSON (builtins.readFile (given.src + "/package.json"));
    in pkgs.stdenv.mkDerivation ({ pname = manifest.name; inherit (manifest) version; } // given);
  set = { inherit build; node_modules = given: pkgs.stdenv.mkDerivation { name = "node-modules"; }; shell = given: pkgs.mkShell { }; };
in
set // { v1 = set; v2 = set; }
