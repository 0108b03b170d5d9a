pkgs: [ pkgs.ruff ]
