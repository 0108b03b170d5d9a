{
  lib,
  buildGoModule,
  makeWrapper,
  git,
  openssh,
  frontend,
  version,
}:

buildGoModule {
  pname = "brackenhub";
  inherit version;

  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../go.mod
      ../go.sum
      ../main.go
      ../public
      ../routers
    ];
  };

  vendorHash = "sha256-c+CI4EtpZmZx5RhrDb7wDE81NlTQsDm0EfKQexE8SoA=";

  subPackages = [ "." ];

  nativeBuildInputs = [ makeWrapper ];
  nativeCheckInputs = [ git ];

  # the bundle is embedded, so it has to be there before the compiler runs
  preBuild = ''
    rm -rf public/dist
    cp -r ${frontend} public/dist
  '';

  ldflags = [
    "-s"
    "-w"
    "-X main.version=${version}"
  ];

  postInstall = ''
    for program in $out/bin/*; do
      wrapProgram $program --prefix PATH : ${
        lib.makeBinPath [
          git
          openssh
        ]
      }
    done
  '';

  meta = {
    description = "Small forge for small teams";
    license = lib.licenses.mit;
  };
}
