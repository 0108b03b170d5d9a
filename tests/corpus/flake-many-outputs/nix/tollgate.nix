{ lib, buildGoModule }:

buildGoModule {
  pname = "tollgate";
  version = "5.1.3";
  src = lib.cleanSource ../.;
  vendorHash = "sha256-JrV0Wk4oPpQ7yTz2mHs9cUb5XgLfEaNd1iRtCvGuBxY=";
  subPackages = [ "cmd/tollgated" ];
  env.CGO_ENABLED = 0;
  ldflags = [ "-s" "-w" ];
  meta.mainProgram = "tollgated";
}
