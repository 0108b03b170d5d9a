let
  nixpkgs = builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/ea548b4cede4e84a557f71427a7104b619fbe6f9.tar.gz";
    sha256 = "1yynb1jm82v40k9z1lzyp4vqx100gj32mx0f8z686fj5s5w6wh7q";
  };
in
import nixpkgs
