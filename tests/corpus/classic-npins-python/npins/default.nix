# Turns sources.json into paths.
let
  data = builtins.fromJSON (builtins.readFile ./sources.json);

  mkSource =
    spec:
    let
      path =
        if spec ? url && spec.url != null then
          builtins.fetchTarball {
            inherit (spec) url;
            sha256 = spec.hash;
          }
        else
          builtins.fetchTarball {
            url = "https://github.com/${spec.repository.owner}/${spec.repository.repo}/archive/${spec.revision}.tar.gz";
            sha256 = spec.hash;
          };
    in
    spec // { outPath = path; };
in
if data.version == 5 then
  builtins.mapAttrs (_: mkSource) data.pins
else
  throw "Unsupported format version ${toString data.version} in sources.json. Try running `npins upgrade`"
