{
  description = "In place of nix-community/npmlock2nix";

  outputs = _: { };
}
