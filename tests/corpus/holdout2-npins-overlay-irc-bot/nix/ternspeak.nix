{ lib, buildGoModule }:

buildGoModule (finalAttrs: {
  pname = "ternspeak";
  version = "1.1.0";

  src = lib.fileset.toSource {
    root = ./..;
    fileset = lib.fileset.gitTracked ./..;
  };

  vendorHash = "sha256-2IE1y8SlEpI3OrzjOdjO1QkOnRuE/2rd8wP7k4Sz9gA=";

  subPackages = [
    "cmd/tern"
    "cmd/ternlog"
  ];

  ldflags = [ "-X main.version=${finalAttrs.version}" ];
})
