{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.blueprint.url = "github:numtide/blueprint";
  outputs = inputs: inputs.blueprint { inherit inputs; prefix = "nix/"; };
}
