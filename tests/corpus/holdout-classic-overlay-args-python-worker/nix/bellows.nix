{ lib, buildPythonApplication, setuptools, redis, tenacity, ffmpeg-headless }:

buildPythonApplication {
  pname = "bellows";
  version = "3.0.4";
  pyproject = true;

  src = lib.cleanSource ../.;

  build-system = [ setuptools ];
  dependencies = [ redis tenacity ];

  makeWrapperArgs = [ "--prefix PATH : ${lib.makeBinPath [ ffmpeg-headless ]}" ];

  meta.description = "Turns voice memos into something a telephone can play";
}
