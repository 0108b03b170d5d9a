# The closure that nix2container was measured with, by the names of packages of Debian 12: since here another program
# stands for it, by a ratio, the bytes have to be the same. The same file of 26 MB is in it thirteen times over, and
# Debian makes hard links of it. prepare-direct.sh makes store paths of these and of all they need.
[
  "erlang-base"
  "ffmpeg"
  "ghc"
  "imagemagick-6.q16"
  "libllvm14"
  "openjdk-17-jre-headless"
  "openssl"
  "postgresql-client-15"
  "python3.11"
  "ruby3.1"
  "sysvinit-utils"
]
