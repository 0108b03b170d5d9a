# A flake-parts module that wants to know where the sources are.
{ root }:
{ ... }:
{
  perSystem =
    {
      config,
      lib,
      pkgs,
      ...
    }:
    {
      packages = {
        default = config.packages.site;

        # The public pages about the project.
        site = pkgs.runCommand "brambling-site" { nativeBuildInputs = [ pkgs.pandoc ]; } ''
          mkdir $out
          pandoc --standalone ${root + "/README.md"} -o $out/index.html
        '';

        brambling = pkgs.python3Packages.callPackage ./brambling.nix {
          src = lib.fileset.toSource {
            inherit root;
            fileset = lib.fileset.unions [
              (root + "/pyproject.toml")
              (root + "/brambling")
            ];
          };
        };

        container = pkgs.dockerTools.streamLayeredImage {
          name = "brambling";
          tag = "latest";
          contents = [ pkgs.cacert ];
          config = {
            Cmd = [
              (lib.getExe config.packages.brambling)
              "serve"
            ];
            ExposedPorts."8000/tcp" = { };
          };
        };
      };
    };
}
