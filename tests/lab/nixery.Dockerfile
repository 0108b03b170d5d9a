# A stand-in for what a Nixery makes: the closures of some packages and links to their programs, and nothing around
# them. No users, no nix.conf, no database of Nix, no <nixpkgs>, a /tmp of mode 0555.
FROM nixos/nix:2.31.2 AS made
RUN set -eu; out=/out; profile=$(readlink -f /root/.nix-profile); \
    mkdir -p $out/nix/store $out/bin $out/usr/bin $out/etc/ssl/certs $out/srv/lab/served; mkdir -m 555 $out/tmp; \
    nix-store --query --requisites "$profile" | xargs cp -a -t $out/nix/store; \
    for program in "$profile"/bin/*; do ln -s "$program" $out/bin/; done; \
    [ -e $out/bin/sh ] || ln -s bash $out/bin/sh; ln -s "$profile/bin/env" $out/usr/bin/env; \
    ln -s "$profile/etc/ssl/certs/ca-bundle.crt" $out/etc/ssl/certs/ca-bundle.crt; \
    # in place of cache.nixos.org and of GitHub: a store to fetch from, and the lab's nixpkgs
    cp -a /nix $out/srv/lab/served/nix; cp -a /srv/lab/nixpkgs $out/srv/lab/nixpkgs; \
    printf '%s\n' 'substituters = local?root=/srv/lab/served' 'require-sigs = false' > $out/srv/lab/nix.conf

FROM scratch
COPY --from=made /out/ /
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-bundle.crt NIX_USER_CONF_FILES=/srv/lab/nix.conf
CMD ["bash"]
