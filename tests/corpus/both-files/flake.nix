{
  description = "bothways: a bus timetable, there and back";

  outputs = { self, nixpkgs }: {
    packages.x86_64-linux.default = import ./default.nix {
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
    };
  };
}
