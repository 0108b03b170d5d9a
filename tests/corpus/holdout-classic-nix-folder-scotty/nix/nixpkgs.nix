let
  spec = (builtins.fromJSON (builtins.readFile ./sources.json)).nixpkgs;
in
import (builtins.fetchTarball { inherit (spec) url sha256; })
