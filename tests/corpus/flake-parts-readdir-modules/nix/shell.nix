{
  perSystem = {pkgs, ...}: {
    formatter = pkgs.alejandra;
    devShells.default = pkgs.mkShell {
      packages = [(pkgs.python3.withPackages (ps: [ps.aiohttp ps.requests ps.pytest]))];
    };
  };
}
