#!/usr/bin/env perl
# Try it: ./guestbook.pl daemon
use Mojolicious::Lite -signatures;

$ENV{MOJO_LISTEN} //= 'http://*:' . ($ENV{PORT} // 3000);

my @entries;

get '/' => sub ($c) { $c->render(json => \@entries) };

post '/' => sub ($c) {
  push @entries, $c->param('text');
  $c->redirect_to('/');
};

app->start;
