module ternspeak.example

go 1.23

require gopkg.in/irc.v4 v4.0.0
