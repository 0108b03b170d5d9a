{ lib, buildGoModule }:
buildGoModule {
  pname = "poll";
  version = "0.3.0";
  src = lib.cleanSource ./.;
  vendorHash = null;
}
