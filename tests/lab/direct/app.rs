//! Small apps of the lab's own Nix: a web server of busybox, beside bytes that can't be compressed.

use crate::lab::tool;

/// A store path with a server in bin/, and the paths that it needs beside it.
pub(super) struct Small {
    /// The app first, then what has a shell.
    pub(super) paths: Vec<String>,
    /// Bytes of its own that can't be compressed.
    pub(super) bytes: u64,
}

/// Builds one, or finds it built; apps of different words differ in their own path and in nothing below it.
pub(super) fn small(word: &str) -> Small {
    of(word, 12)
}

/// The same with so many megabytes.
pub(super) fn of(word: &str, megabytes: u64) -> Small {
    let expression = format!(
        r#"
        let
          pkgs = import /srv/lab/nixpkgs {{ system = "x86_64-linux"; }};
          busybox = pkgs.busybox;
          app = derivation {{
            name = "small-1.0";
            system = "x86_64-linux";
            word = "{word}";
            PATH = "${{busybox}}/bin";
            builder = "${{busybox}}/bin/sh";
            args = [ "-c" ''
              mkdir -p $out/bin $out/share
              dd if=/dev/urandom of=$out/share/noise bs=1048576 count={megabytes}
              echo small $word > $out/share/index.html
              cat > $out/bin/web <<EOF
              #!${{busybox}}/bin/sh
              exec ${{busybox}}/bin/busybox httpd -f -p \''${{PORT:-8000}} -h $out/share
              EOF
              sed -i 's/^ *//' $out/bin/web
              chmod +x $out/bin/web
            '' ];
          }};
        in [ app busybox ]
        "#
    );
    let built = tool("nix-build", &["--no-out-link", "--expr", &expression]);
    let paths: Vec<String> = built.lines().map(str::to_owned).collect();
    assert_eq!(paths.len(), 2, "{built}");
    Small {
        paths,
        bytes: megabytes << 20,
    }
}
