{ pkgs ? import ./nix/pinned.nix {}
, lib ? pkgs.lib
, doCheck ? true
}:

with builtins;

let
  manifest = fromTOML (readFile ./Cargo.toml);
  inherit (manifest.package) name version;

  # Everything but Nix, notes and build results.
  keep = path: type:
    let base = baseNameOf path; in
    !(lib.hasSuffix ".nix" base || lib.hasSuffix ".md" base || elem base [ "target" "nix" "result" ]);
in

pkgs.rustPlatform.buildRustPackage {
  pname = name;
  inherit version doCheck;

  src = lib.cleanSourceWith {
    inherit name;
    src = ./.;
    filter = keep;
  };

  cargoLock.lockFile = ./Cargo.lock;

  postInstall = ''
    install -d $out/share/${name}
    cp -r templates $out/share/${name}/
  '';

  meta = {
    inherit (manifest.package) description;
    license = lib.licenses.mit;
  };
}
