{
  inputs = {
    nixpkgs.url = "github:nixos/nixpkgs/nixos-24.11";
    utils.url = "github:numtide/flake-utils";
  };

  outputs = { self, nixpkgs, utils }:
    utils.lib.eachDefaultSystem (system:
      let
        pkgs = nixpkgs.legacyPackages.${system};

        deps = ps: with ps; [
          django_5
          gunicorn
          whitenoise
          psycopg2
          dj-database-url
        ];
        pythonEnv = pkgs.python3.withPackages deps;
        devEnv = pkgs.python3.withPackages (ps: deps ps ++ [ ps.django-debug-toolbar ps.pytest-django ]);
      in
      {
        packages = {
          env = pythonEnv;

          default = pkgs.stdenv.mkDerivation {
            name = "petalbook";
            src = ./.;

            nativeBuildInputs = [ pkgs.makeWrapper pythonEnv ];

            buildPhase = ''
              runHook preBuild
              # any value does, nothing is signed while building
              DJANGO_SECRET_KEY=build DATABASE_URL=sqlite://:memory: \
                python manage.py collectstatic --noinput
              runHook postBuild
            '';

            installPhase = ''
              runHook preInstall
              mkdir -p $out/lib/petalbook
              cp -r manage.py config blooms static $out/lib/petalbook/
              runHook postInstall
            '';

            postInstall = ''
              makeWrapper ${pythonEnv}/bin/gunicorn $out/bin/petalbook-serve \
                --chdir $out/lib/petalbook \
                --add-flags "--access-logfile - config.wsgi:application"
              makeWrapper ${pythonEnv}/bin/python $out/bin/petalbook-manage \
                --chdir $out/lib/petalbook \
                --add-flags manage.py
            '';
          };
        };

        devShells.default = pkgs.mkShell {
          packages = [ devEnv pkgs.ruff pkgs.postgresql ];
          shellHook = ''
            export DJANGO_SECRET_KEY=development DJANGO_DEBUG=1
            export DATABASE_URL=sqlite:///$PWD/db.sqlite3
            echo "python manage.py runserver"
          '';
        };
      });
}
