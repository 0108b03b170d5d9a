let spec = builtins.fromJSON (builtins.readFile ./sources.json); in
builtins.mapAttrs (_: it: builtins.fetchTarball { inherit (it) url sha256; }) spec
