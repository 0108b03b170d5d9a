with import <nixpkgs> {};

stdenv.mkDerivation rec {
  pname = "thimblerig";
  version = "1.1";

  src = stdenv.lib.cleanSource ./.;

  buildInputs = [ lua5_3 lua53Packages.luasocket makeWrapper ];

  installPhase = ''
    install -D thimblerig.lua $out/share/thimblerig/thimblerig.lua
    makeWrapper ${lua5_3}/bin/lua $out/bin/thimblerigd \
      --add-flags $out/share/thimblerig/thimblerig.lua \
      --prefix LUA_PATH ';' "$LUA_PATH" --prefix LUA_CPATH ';' "$LUA_CPATH"
  '';

  meta = with stdenv.lib; {
    description = "A shell game over HTTP";
    license = licenses.isc;
    platforms = platforms.linux;
  };
}
