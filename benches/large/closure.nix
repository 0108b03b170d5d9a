# What the server has beside it, by the names of Debian's packages. prepare.sh makes store paths of these and of all they need.
[
  "erlang-base"
  "ffmpeg"
  "ghc"
  "libclang-cpp17t64"
  "libclang-cpp18"
  "libclang-cpp19"
  "openjdk-21-jre-headless"
  "postgresql-client-17"
  "python3"
  "ruby3.3"
]
