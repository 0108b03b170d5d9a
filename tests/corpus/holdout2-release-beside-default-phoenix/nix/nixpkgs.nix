let
  # nixos-24.11, 2025-02-18
  nixpkgs = builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/9c50f54bd069699478fdbacd2ea28edc31f52f57.tar.gz";
    sha256 = "sha256-5ldZ74jyS9x54XtVMYzrJgvG5cMSP/yAGG66WxOjB38=";
  };
in
args: import nixpkgs ({ config = { }; overlays = [ ]; } // args)
