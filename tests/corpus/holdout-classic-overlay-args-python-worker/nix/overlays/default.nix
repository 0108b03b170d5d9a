self: super:

{
  bellows = self.python3Packages.callPackage ../bellows.nix { };
}
