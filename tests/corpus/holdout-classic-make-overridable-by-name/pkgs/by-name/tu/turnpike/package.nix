{
  lib,
  buildGoModule,
  metrics ? false,
}:

buildGoModule (finalAttrs: {
  pname = "turnpike";
  version = "0.22.0";

  src = lib.fileset.toSource {
    root = ../../../..;
    fileset = lib.fileset.unions [
      ../../../../go.mod
      ../../../../cmd
    ];
  };

  vendorHash = null;

  subPackages = [
    "cmd/turnpike"
    "cmd/turnpiked"
  ];

  tags = lib.optional metrics "metrics";

  ldflags = [ "-X main.version=${finalAttrs.version}" ];

  meta = {
    description = "Counts the cars on a road and lets a few through";
    license = lib.licenses.isc;
    mainProgram = "turnpike";
  };
})
