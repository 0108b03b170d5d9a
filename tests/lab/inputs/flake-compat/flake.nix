{
  description = "In place of a flake-compat that is one";

  outputs = _: { };
}
