{
  sources ? import ./npins,
  system ? builtins.currentSystem,
  pkgs ? import sources.nixpkgs {
    inherit system;
    config = { };
    overlays = [ (import ./nix/overlay.nix) ];
  },
}:

pkgs.ternspeak.overrideAttrs (old: {
  passthru = (old.passthru or { }) // {
    # nix-shell -A shell
    shell = pkgs.mkShell {
      inputsFrom = [ pkgs.ternspeak ];
      packages = [
        pkgs.npins
        pkgs.gopls
        ((import sources.treefmt-nix).mkWrapper pkgs { programs.gofmt.enable = true; })
      ];
    };
  };
})
