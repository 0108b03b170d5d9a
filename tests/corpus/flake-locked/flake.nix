{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.local.url = "path:./local";
  inputs.local.flake = false;
  outputs = { self, nixpkgs, local }: {
    packages.x86_64-linux.default = nixpkgs.legacyPackages.x86_64-linux.writeShellApplication {
      name = "hello-web";
      text = "exec true";
    };
  };
}
