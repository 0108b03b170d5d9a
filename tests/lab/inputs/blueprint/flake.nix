{
  description = "In place of numtide/blueprint: packages and shells by the places of files";

  inputs.nixpkgs.url = "path:/srv/lab/nixpkgs";

  outputs = { self, nixpkgs }: {
    __functor = _: import ./make.nix;
  };
}
