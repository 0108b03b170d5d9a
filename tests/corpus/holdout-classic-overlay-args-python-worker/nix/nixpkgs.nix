args:

let
  rev = "835d307c328351f17703fd5d7959d1cdd07e2e51";

  nixpkgs = builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/${rev}.tar.gz";
    sha256 = "1bvpb8mdahswxl888br7d5mvriacsr6pzjvq8k5h8wa53nqygh5y";
  };
in
import nixpkgs args
