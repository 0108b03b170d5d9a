{
  description = "Waiting list of the allotment gardens";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
  inputs.flake-utils.url = "github:numtide/flake-utils";

  outputs = { self, nixpkgs, flake-utils }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = nixpkgs.legacyPackages.${system};
        python3Packages = pkgs.python3Packages;
      in
      {
        packages.default = python3Packages.buildPythonApplication {
          pname = "allotment";
          version = "2024.11";
          format = "pyproject";

          src = self;

          nativeBuildInputs = [ python3Packages.setuptools ];

          propagatedBuildInputs = with python3Packages; [
            django_5
            dj-database-url
            psycopg2
            whitenoise
            gunicorn
          ];

          # the tests want a database
          doCheck = false;
        };

        devShells.default = pkgs.mkShell {
          inputsFrom = [ self.packages.${system}.default ];
          packages = [ pkgs.postgresql ];
          shellHook = ''
            export SECRET_KEY=not-so-secret DATABASE_URL=sqlite:///dev.sqlite3
          '';
        };
      });
}
