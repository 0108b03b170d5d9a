{
  perSystem =
    { pkgs, config, ... }:
    {
      devShells.default = pkgs.mkShell {
        inputsFrom = [ config.packages.nestboxd ];
        packages = [
          pkgs.gopls
          pkgs.ffmpeg-headless
        ];
      };
      formatter = pkgs.nixfmt;
    };
}
