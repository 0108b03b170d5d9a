let
  # follow the channel, so that security fixes come in by themselves
  nixpkgs = fetchTarball "https://nixos.org/channels/nixos-25.05/nixexprs.tar.xz";
in

{ pkgs ? import nixpkgs { } }:

pkgs.python3.pkgs.buildPythonApplication rec {
  pname = "sparrow-post";
  version = "3.1";
  format = "setuptools";

  src = ./.;

  propagatedBuildInputs = with pkgs.python3.pkgs; [ redis ];

  doCheck = false;
}
