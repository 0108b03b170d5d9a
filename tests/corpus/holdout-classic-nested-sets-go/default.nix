let
  nixpkgs = fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/6c09ed68d6cf35ead68aef59571131e1f5fec914.tar.gz";
    sha256 = "1hi4j53d2ppshnd0z1gh18smzgh3y3pvp5n37s7nzy6jqm95w58f";
  };
  pkgs = import nixpkgs {
    config = { };
    overlays = [ (import ./nix/overlay.nix) ];
  };
  inherit (pkgs) lib dockerTools;
in
{
  tools = lib.recurseIntoAttrs {
    inherit (pkgs.windlass) hoist;
  };

  services = lib.recurseIntoAttrs {
    inherit (pkgs.windlass) ledger dashboard;
  };

  images = lib.mapAttrs
    (name: service: dockerTools.buildImage {
      inherit name;
      copyToRoot = [ pkgs.cacert ];
      config.Entrypoint = [ (lib.getExe service) ];
    })
    { inherit (pkgs.windlass) ledger dashboard; };
}
