{
  lib,
  stdenv,
  rustPlatform,
  installShellFiles,
}:
let
  manifest = (lib.importTOML ./Cargo.toml).package;
in
rustPlatform.buildRustPackage {
  pname = manifest.name;
  inherit (manifest) version;

  # Only what the build and its tests read, and Cargo.toml names.
  src = lib.fileset.toSource {
    root = ./.;
    fileset = lib.fileset.unions [
      ./.github
      ./Cargo.toml
      ./Cargo.lock
      ./README.md
      ./base-images
      ./benches
      ./clippy.toml
      ./docs
      ./examples
      ./schemas
      ./src
      ./templates
      ./tests
    ];
  };

  cargoLock.lockFile = ./Cargo.lock;

  # The workspace's other member is a program of the tests.
  cargoBuildFlags = [
    "--package"
    manifest.name
  ];
  cargoTestFlags = [
    "--package"
    manifest.name
  ];

  nativeBuildInputs = [ installShellFiles ];

  # These run the program, so they can't be made for another machine.
  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    installShellCompletion --cmd nixdyno \
      --bash <($out/bin/nixdyno completions bash) \
      --fish <($out/bin/nixdyno completions fish) \
      --zsh <($out/bin/nixdyno completions zsh)
    $out/bin/nixdyno man --dir man
    installManPage man/*.1
  '';

  meta = {
    inherit (manifest) description;
    homepage = "https://github.com/nixdyno/nixdyno";
    changelog = "https://github.com/nixdyno/nixdyno/blob/main/CHANGELOG.md";
    license = lib.licenses.mit;
    mainProgram = "nixdyno";
    platforms = lib.platforms.unix;
  };
}
