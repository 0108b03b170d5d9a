{
  description = "In place of nix-community/dream2nix: name and version of a package's modules";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }: {
    lib.evalModules = { packageSets, modules, specialArgs ? { }, ... }:
      let
        pkgs = packageSets.nixpkgs;
        inherit (pkgs) lib;
        arguments = specialArgs // {
          inherit lib config;
          dream2nix = self;
          inherit packageSets;
          options = { };
          extendModules = _: { };
        };
        read = module:
          let
            value = if builtins.isFunction module || builtins.isAttrs module then module else import module;
            found = if builtins.isFunction value then value arguments else value;
          in [ (removeAttrs found [ "imports" ]) ] ++ lib.concatMap read (lib.filter (it: !(it ? none)) (found.imports or [ ]));
        config = lib.foldl' lib.recursiveUpdate { } (lib.concatMap read modules) // { deps = pkgs; };
      in
      pkgs.stdenv.mkDerivation { pname = config.name; inherit (config) version; meta = config.mkDerivation.meta or config.public.meta or { }; }
      // { inherit config; };
    modules.dream2nix = nixpkgs.lib.genAttrs [
      "mkDerivation" "nodejs-granular" "nodejs-granular-v3" "nodejs-package-json" "nodejs-package-json-v3" "nodejs-package-lock"
      "nodejs-package-lock-v3" "pip" "rust-crane" "rust-cargo-lock" "buildRustPackage" "php-composer-lock" "php-granular" "WIP-python-pdm"
    ] (_: { none = true; });
  };
}
