{ stdenv, rustc ? null, cargo ? null, ... }:
rec {
  buildPackage = given:
    let
      arguments = if builtins.isAttrs given && !(given ? outPath) then given else { root = given; };
      root = arguments.root or arguments.src;
      manifest = builtins.fromTOML (builtins.readFile (root + "/Cargo.toml"));
      pname = arguments.pname or manifest.package.name or "unknown";
      version = arguments.version or manifest.package.version or manifest.workspace.package.version or "unknown";
    in
    stdenv.mkDerivation (removeAttrs arguments [ "root" ] // { inherit pname version; name = arguments.name or "${pname}-${version}"; });
}
