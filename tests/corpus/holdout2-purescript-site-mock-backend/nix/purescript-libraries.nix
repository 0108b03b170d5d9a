# Written from spago.yaml's package set.
{ fetchFromGitHub }:

let
  library = repo: rev: hash: fetchFromGitHub {
    owner = "purescript";
    inherit repo rev hash;
  };
in
{
  prelude = library "purescript-prelude" "v6.0.1" "sha256-6wbTf+5USRhZfh9TzJI6ku6Xr/LFQGq+9W9YEfTggvU=";
  effect = library "purescript-effect" "v4.0.0" "sha256-pabGez8OSZkfVQivQ4yeebp3DVY7BqlcaypZSbxkBAg=";
  console = library "purescript-console" "v6.1.0" "sha256-3AYMdSsKJ01sYehcmESKmocYXpVw3kBCo+q+9XSdbXo=";
}
