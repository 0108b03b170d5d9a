{
  description = "Tells when the next ferry leaves";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs = { self, nixpkgs }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
      options = import ./nix/options.nix;
    in
    {
      packages.${system}.default = pkgs.callPackage ./nix/lapwing.nix {
        inherit (options) operator;
      };

      devShells.${system}.default = pkgs.mkShell {
        packages = [ pkgs.python3 ] ++ import ./nix/editor.nix pkgs;
      };
    };
}
