{
  description = "trellis grows one timeline out of many feeds";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs?ref=nixos-25.05";
  };

  outputs = inputs @ {
    self,
    nixpkgs,
    ...
  }: let
    lib = nixpkgs.lib;
    ours = import ./nix/lib.nix {inherit lib nixpkgs;};
    inherit (ours) eachSystem subfolders;

    version = "1.${lib.substring 0 8 (self.lastModifiedDate or "19700101")}";

    command = pkgs: name: _type:
      pkgs.buildGoModule {
        pname = name;
        inherit version;
        src = lib.cleanSource ./.;
        vendorHash = "sha256-WvZg6sOMyDcuye/psfm87raoF0aKO4knMhEQQ4d5hN0=";
        subPackages = ["cmd/${name}"];
        ldflags = ["-s" "-w"];
        meta.mainProgram = name;
      };
  in {
    # One package for each folder of ./cmd, so that a new command needs no line here.
    packages = eachSystem (pkgs: lib.mapAttrs (command pkgs) (subfolders ./cmd));

    checks = eachSystem (pkgs: self.packages.${pkgs.system});

    devShells = eachSystem (pkgs: {
      default = pkgs.mkShell {
        packages = with pkgs; [go gopls redis];
      };
    });

    formatter = eachSystem (pkgs: pkgs.alejandra);
  };
}
