{
  description = "In place of nix-systems/default";

  outputs = _: { };
}
