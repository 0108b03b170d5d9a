{
  description = "In place of pyproject-nix/build-system-pkgs";

  outputs = _: rec {
    overlays = { default = final: prev: { }; wheel = final: prev: { }; sdist = final: prev: { }; };
  };
}
