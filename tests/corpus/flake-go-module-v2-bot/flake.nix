{
  description = "Cormorant dives for links in chat rooms";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";

  outputs = { self, nixpkgs }:
    with nixpkgs.legacyPackages.x86_64-linux;
    {
      packages.x86_64-linux = rec {
        cormorant-bot = buildGoModule {
          pname = "cormorant-bot";
          version = "2.3.0";
          src = lib.cleanSource ./.;
          vendorHash = "sha256-9h3x0mGdOdhzaY7o1K6tSAlS0pZy8iVdBQ5t4wDq3mE=";
          meta.license = lib.licenses.isc;
        };
        default = cormorant-bot;
      };

      devShells.x86_64-linux.default = mkShell { buildInputs = [ go gotools ]; };
    };
}
