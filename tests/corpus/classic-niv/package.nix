{ stdenv }:
stdenv.mkDerivation {
  pname = "pinned";
  version = "1";
  src = ./.;
}
