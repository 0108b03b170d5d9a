{ lib
, buildGoModule
, installShellFiles
, withDocs ? false
}:

buildGoModule rec {
  pname = "harbour-tide-board";
  version = "2.4.1";

  src = lib.cleanSourceWith {
    src = ./.;
    filter = path: type: !(lib.hasSuffix ".nix" path);
  };

  vendorHash = "sha256-MBsacd40inEzGZXlbjAVJPiv59wfsyd794F+PiIBDxQ=";

  nativeBuildInputs = lib.optional withDocs installShellFiles;

  ldflags = [ "-s" "-w" "-X main.version=${version}" ];

  postInstall = lib.optionalString withDocs ''
    installManPage docs/tidebell.1
  '';

  meta = {
    description = "Tide times of small harbours, as a page and as JSON";
    license = lib.licenses.mit;
  };
}
