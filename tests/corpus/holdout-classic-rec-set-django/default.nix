{ nixpkgs ? builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/664d02710f23cd3a0067abd127f9b1e6c00a4db9.tar.gz";
    sha256 = "0lyadr3x04d9kif1rcf7hvwr0rcy8ryk8rnp61kml1znky3plvc5";
  }
, pkgs ? import nixpkgs { }
}:

let
  inherit (pkgs) writeShellApplication;
  inherit (pkgs.lib) fileset;
in
rec {
  # Also what an editor wants: result/bin/python
  python = pkgs.python312.withPackages (p: [
    p.celery
    p.dj-database-url
    p.django_5
    p.gunicorn
    p.psycopg2
    p.redis
    p.whitenoise
  ]);

  source = fileset.toSource {
    root = ./.;
    fileset = fileset.unions [ ./manage.py ./orrery ];
  };

  static = pkgs.runCommand "orrery-static" { SECRET_KEY = "only for collectstatic"; DATABASE_URL = "sqlite://:memory:"; } ''
    STATIC_ROOT=$out ${python}/bin/python ${source}/manage.py collectstatic --no-input
  '';

  manage = writeShellApplication {
    name = "orrery-manage";
    text = ''
      exec ${python}/bin/python ${source}/manage.py "$@"
    '';
  };

  tasks = writeShellApplication {
    name = "orrery-tasks";
    text = ''
      cd ${source}
      exec ${python}/bin/celery --app orrery.tasks worker --loglevel info "$@"
    '';
  };

  web = writeShellApplication {
    name = "orrery-web";
    text = ''
      export STATIC_ROOT=${static}
      exec ${python}/bin/gunicorn orrery.wsgi:application \
        --chdir ${source} \
        --bind "0.0.0.0:''${PORT:-8000}" \
        --workers "''${WEB_CONCURRENCY:-2}"
    '';
  };
}
