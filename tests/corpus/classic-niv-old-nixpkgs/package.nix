{ stdenv, libmicrohttpd, pkgconfig }:
stdenv.mkDerivation {
  pname = "lamp-minder";
  version = "1";
  src = stdenv.lib.cleanSource ./.;

  nativeBuildInputs = [ pkgconfig ];
  buildInputs = [ libmicrohttpd ];
  makeFlags = [ "PREFIX=$(out)" ];

  meta.license = stdenv.lib.licenses.gpl3;
}
