{
  description = "The lab's small package set, to be used in nixpkgs' place";

  outputs = _: {
    lib = import ./lib.nix;
    legacyPackages.x86_64-linux = import ./default.nix { system = "x86_64-linux"; };
  };
}
