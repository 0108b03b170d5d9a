# Builder of one store path from Debian packages: unpack $debs, then give every program and library the loader and an
# rpath of the store paths in $deps, as nixpkgs does it. So they run from /nix/store alone, with true references.
# It runs on the machine that sets the lab up, with that machine's dpkg-deb, tar, awk and patchelf.
# shellcheck shell=bash disable=SC2154  # $debs, $deps, $fixup and $out are set by Nix
set -eu

unpack() {
  mkdir -p "$out" "$TMPDIR/root"
  for deb in $debs; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --no-same-owner --no-same-permissions -C "$TMPDIR/root" -f -
  done
}

# /usr/lib/x86_64-linux-gnu, /usr/bin, /bin … become lib, bin …
flatten() {
  cd "$TMPDIR/root"
  if [ -d usr ]; then cp -a usr/. "$out/"; fi
  for dir in lib lib64 bin sbin etc; do
    if [ -d "$dir" ]; then
      mkdir -p "$out/$dir"
      cp -an "$dir/." "$out/$dir/"
    fi
  done
  rm -rf "$out/share/doc" "$out/share/man" "$out/share/lintian"
  if [ -d "$out/lib/x86_64-linux-gnu" ]; then
    cp -an "$out/lib/x86_64-linux-gnu/." "$out/lib/"
    rm -rf "$out/lib/x86_64-linux-gnu"
  fi
  chmod -R u+w,a-s "$out"
}

# Also kept as a file: it makes a package refer to its dependencies even where no ELF file names them.
rpath() {
  mkdir -p "$out/nix-support"
  {
    echo "$out/lib"
    for dep in $deps; do
      echo "$dep/lib"
      tr : '\n' < "$dep/nix-support/rpath"
    done
  } | awk '!seen[$0]++' | paste -sd: > "$out/nix-support/rpath"
  cat "$out/nix-support/rpath"
}

loader() {
  for dir in $(echo "$1" | tr : ' '); do
    if [ -e "$dir/ld-linux-x86-64.so.2" ]; then echo "$dir/ld-linux-x86-64.so.2"; fi
  done
}

patch_elf_files() {
  path=$(rpath)
  ld=$(loader "$path")
  find "$out" -type f | while read -r file; do
    [ "$(head -c4 "$file" | tr -d '\0')" = $'\x7fELF' ] || continue
    case $file in */ld-linux* | */libc.so.6) continue ;; esac     # the loader and libc must stay as they are
    patchelf --print-interpreter "$file" > /dev/null 2>&1 || case $file in *.so*) ;; *) continue ;; esac   # static
    if [ -n "$ld" ] && patchelf --print-interpreter "$file" > /dev/null 2>&1; then
      patchelf --set-interpreter "$ld" "$file"
    fi
    patchelf --set-rpath "$path" "$file"
  done
}

unpack
flatten
patch_elf_files
eval "$fixup"
find "$out" -xtype l -delete                                      # links to what was left out
