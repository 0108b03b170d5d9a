# What direct.py deploys: 20 MB that nothing compresses and a script, which refer to all that the closure has beside
# them. Of another version only these differ.
{ closure, version }:
let
  system = "x86_64-linux";
  pkgs = import <nixpkgs> { };
  large = import <nixpkgs/large/debs.nix> { inherit system; };
  reference = import <nixpkgs/reference/debs.nix> { inherit system; };
  tools = {
    small = [ pkgs.python3 ];
    large = map (name: large.${name}) (import ./large/closure.nix);
    reference = map (name: reference.${name}) (import ./reference.nix);
  };
in
derivation {
  name = "app";
  inherit system version;
  # With a shell and env, which every image needs.
  tools = tools.${closure} ++ [ pkgs.busybox ];
  shell = pkgs.runtimeShell;
  builder = "/usr/bin/python3";
  args = [
    "-c"
    ''
      import os, random
      from pathlib import Path

      out = Path(os.environ["out"])
      (out / "bin").mkdir(parents=True)
      (out / "share").mkdir()
      (out / "share/data").write_bytes(random.Random(os.environ["version"]).randbytes(20_000_000))
      (out / "share/tools").write_text(os.environ["tools"].replace(" ", "\n") + "\n")
      (out / "bin/app").write_text(f"#!{os.environ['shell']}\nexec cat {out}/share/tools\n")
      (out / "bin/app").chmod(0o755)
    ''
  ];
}
