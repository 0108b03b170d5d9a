{ lib, stdenv, buildGoModule, installShellFiles, almanac, version ? "dev" }:

buildGoModule {
  pname = "sextant";
  inherit version;
  src = lib.cleanSource ../.;

  vendorHash = "sha256-3SYiWEYaEYGGOFNm+9p57TI8ScA6ODfdA0JM6RkNm3c=";
  subPackages = [ "cmd/sextant" ];

  nativeBuildInputs = [ installShellFiles ];

  preBuild = ''
    cp ${almanac}/2025.csv internal/almanac/table.csv
  '';

  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    installShellCompletion --cmd sextant \
      --bash <($out/bin/sextant completion bash) \
      --zsh <($out/bin/sextant completion zsh)
  '';

  meta = {
    description = "Command-line client of plumbline chart servers";
    mainProgram = "sextant";
    license = lib.licenses.bsd2;
  };
}
