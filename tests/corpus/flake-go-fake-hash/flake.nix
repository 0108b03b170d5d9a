{
  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forAll = nixpkgs.lib.genAttrs systems;
    in
    {
      packages = forAll (system:
        let pkgs = import nixpkgs { inherit system; }; in
        {
          default = pkgs.buildGoModule {
            name = "plumbline";
            src = self;
            # TODO: nix build, then put the hash it tells here
            vendorHash = pkgs.lib.fakeHash;
          };
        });
    };
}
