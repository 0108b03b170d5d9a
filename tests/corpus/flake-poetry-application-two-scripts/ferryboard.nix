{
  poetry2nix,
  python311,
}:
poetry2nix.mkPoetryApplication {
  projectDir = ./.;
  python = python311;
  preferWheels = true;
  checkGroups = [];
}
