{
  description = "The lab's small package set, to be used in nixpkgs' place";

  outputs = _:
    let lib = import ./lib.nix;
    in {
      inherit lib;
      legacyPackages = lib.genAttrs lib.systems.flakeExposed (system: import ./default.nix { inherit system; });
    };
}
