{
  description = "In place of arnarg/nix-gleam: name and version from gleam.toml";

  outputs = _:
    let
      overlay = final: prev: {
        buildGleamApplication = given:
          let manifest = builtins.fromTOML (builtins.readFile (given.src + "/gleam.toml"));
          in final.stdenv.mkDerivation (given // { pname = given.pname or manifest.name; version = given.version or manifest.version; });
      };
    in {
      overlays.default = overlay;
      inherit overlay;
    };
}
