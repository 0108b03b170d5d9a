final: prev: {
  ternspeak = final.callPackage ./ternspeak.nix { };
}
