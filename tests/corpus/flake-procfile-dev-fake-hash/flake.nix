{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  };

  outputs = { self, nixpkgs }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
    in
    {
      packages.${system} = {
        default = pkgs.buildGoModule {
          pname = "heronfeed";
          version = "0-unstable";
          src = ./.;
          # TODO: put in what the first build prints
          vendorHash = pkgs.lib.fakeHash;
          preBuild = "${pkgs.tailwindcss}/bin/tailwindcss -i assets/app.css -o assets/app.min.css --minify";
        };
      };

      devShells.${system}.default = pkgs.mkShell {
        packages = with pkgs; [ go air tailwindcss overmind ];
      };
    };
}
