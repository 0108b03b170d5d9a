{ inputs, prefix ? "", systems ? [ "aarch64-darwin" "aarch64-linux" "x86_64-darwin" "x86_64-linux" ], nixpkgs ? { } }:
let
  inherit (inputs.nixpkgs) lib;
  root = if builtins.isPath prefix then prefix else inputs.self.outPath + "/${prefix}";
  each = lib.genAttrs systems;
  here = name: builtins.pathExists (root + "/${name}");

  # Below a folder: NAME.nix and NAME/default.nix.
  found = folder: lib.optionalAttrs (here folder) (
    let
      entries = builtins.readDir (root + "/${folder}");
      name = file: lib.removeSuffix ".nix" file;
      ok = file: entries.${file} == "directory" && here "${folder}/${file}/default.nix" || lib.hasSuffix ".nix" file;
    in
    builtins.listToAttrs (map (file: { name = name file; value = root + "/${folder}/${file}"; }) (lib.filter ok (builtins.attrNames entries))));
  single = file: name: lib.optionalAttrs (here file) { ${name} = root + "/${file}"; };

  call = system: pname: file:
    let
      f = import file;
      given = arguments system // { inherit pname; };
      wanted = builtins.functionArgs f;
    in
    if wanted == { } then f given else f (builtins.intersectAttrs wanted given);

  arguments = system: {
    inherit inputs system;
    flake = inputs.self;
    pkgs = if nixpkgs == { } then inputs.nixpkgs.legacyPackages.${system} else import inputs.nixpkgs ({ inherit system; } // nixpkgs);
    perSystem = lib.mapAttrs (_: input: input.legacyPackages.${system} or { } // input.packages.${system} or { }) inputs;
  };

  all = output: files: each (system: lib.mapAttrs (call system) files);
in
{
  packages = all "packages" (single "package.nix" "default" // found "packages");
  devShells = all "devShells" (single "devshell.nix" "default" // found "devshells");
  formatter = each (system: if here "formatter.nix" then call system "formatter" (root + "/formatter.nix") else (arguments system).pkgs.treefmt);
}
