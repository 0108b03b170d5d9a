{
  description = "In place of nix-community/naersk";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }: {
    lib = nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed (system: nixpkgs.legacyPackages.${system}.callPackage ./. { });
    overlays.default = final: prev: { naersk = final.callPackage ./. { }; };
    overlay = final: prev: { naersk = final.callPackage ./. { }; };
  };
}
