{ pkgs ? import <nixpkgs> { } }:

let
  ruby = pkgs.ruby_3_3;
in
pkgs.mkShell {
  name = "wicket-dev";

  buildInputs = [
    ruby
    pkgs.bundler
    pkgs.postgresql_16
    pkgs.redis
    pkgs.overmind
  ];

  shellHook = ''
    export GEM_HOME=$PWD/.gems
    export PATH=$GEM_HOME/bin:$PATH
    export PGDATA=$PWD/.pg
    [ -d "$PGDATA" ] || initdb --no-locale --encoding=UTF8 > /dev/null
    echo "wicket: run 'bundle install', then 'bundle exec rackup'"
  '';
}
