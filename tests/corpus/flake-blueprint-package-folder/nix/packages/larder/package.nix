{
  lib,
  buildGoModule,
  pname,
}:
buildGoModule {
  inherit pname;
  version = "3.0.1";

  src = lib.fileset.toSource {
    root = ../../..;
    fileset = lib.fileset.unions [
      ../../../go.mod
      ../../../web
    ];
  };

  vendorHash = null;

  # "web" says too little in a process list
  postInstall = ''
    mv $out/bin/web $out/bin/larderd
  '';

  meta = {
    description = "What is in the larder, and who ate the last of it";
    license = lib.licenses.eupl12;
  };
}
