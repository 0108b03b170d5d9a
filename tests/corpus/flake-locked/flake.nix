{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.local.url = "path:./local";
  inputs.local.flake = false;
  outputs = { self, nixpkgs, local }:
    let pkgs = nixpkgs.legacyPackages.x86_64-linux; in
    {
      packages.x86_64-linux.default = pkgs.writeShellApplication {
        name = "hello-web";
        runtimeInputs = [ pkgs.python3 ];
        text = ''
          case "''${1-}" in
            --port) exec python3 -m http.server --bind 0.0.0.0 --directory ${local} "$2" ;;
            work) while sleep 60; do date -u; done ;;
            *) echo "usage: hello-web --port PORT | work" >&2; exit 2 ;;
          esac
        '';
      };
    };
}
