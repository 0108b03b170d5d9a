{ pkgs ? import <nixpkgs> { } }:
pkgs.symlinkJoin {
  name = "classic-jobs";
  paths = [
    (pkgs.writeShellScriptBin "web" ''
      if [ -n "$CRASH_WEB" ]; then
        echo "web: crashing, as CRASH_WEB asks" >&2
        exit 1
      fi
      echo "web: listening on port $PORT"
      cd ${pkgs.writeTextDir "index.html" "<h1>Classic jobs</h1>\n"}
      exec ${pkgs.busybox}/bin/busybox httpd -f -p "$PORT"
    '')
    (pkgs.writeShellScriptBin "worker" ''
      trap 'echo "worker: goodbye"; exit 0' TERM
      echo "worker: waiting for jobs"
      while true; do
        echo "worker: nothing to do"
        ${pkgs.coreutils}/bin/sleep 10 &
        wait $!
      done
    '')
    (pkgs.writeShellScriptBin "release" ''
      echo "release: migrating the database"
      echo "release: 1 of 2, create table guests"
      if [ -n "$FAIL_RELEASE" ]; then
        echo "release: 2 of 2 failed, as FAIL_RELEASE asks" >&2
        exit 1
      fi
      echo "release: 2 of 2, add column visited_at"
      echo "release: done"
    '')
  ];
}
