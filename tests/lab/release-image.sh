#!/usr/bin/env bash
# A stand-in for heroku/heroku:24, made of the machine's own Debian: some programs with their libraries, in the places
# that a release image of today has, where /bin is a link. Run it in the lab.
set -euo pipefail

programs=(bash cat date dash env id ls readlink sh)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

mkdir -p "$root"/{usr/bin,usr/lib,usr/lib64,usr/sbin,usr/lib/locale,etc/ssl/certs,etc/profile.d,home/heroku,tmp,proc,sys,dev,root,var}
chmod 1777 "$root/tmp"
for name in bin lib lib64 sbin; do ln -s usr/$name "$root/$name"; done
for program in "${programs[@]}"; do
  cp -L "/usr/bin/$program" "$root/usr/bin/$program"
  # shellcheck disable=SC2013  # paths without white space
  for library in $(/usr/bin/ldd "/usr/bin/$program" | grep -o '/lib[^ ]*'); do
    mkdir -p "$root/usr${library%/*}"
    cp -Lu "$library" "$root/usr$library"
  done
done
cp -L /etc/profile "$root/etc/profile" # a login shell sets PATH anew
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
echo '# of the image' >> "$root/etc/ssl/certs/ca-certificates.crt"
printf '%s\n' 'root:x:0:0:root:/root:/bin/bash' 'heroku:x:1000:1000::/home/heroku:/bin/bash' > "$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'heroku:x:1000:' > "$root/etc/group"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
tar -C "$root" --owner 0 --group 0 -c . | docker import --change 'USER heroku' --change 'ENTRYPOINT ["/bin/false"]' \
  --change 'CMD ["bash"]' --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' - heroku/heroku:24
