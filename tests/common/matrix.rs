//! Every way in which a Dockerfile of ours can differ: the family of the base, where the build starts, one process or
//! several, and how much of a system the image is. The fast ring shows the files, the lab builds and runs them.

use std::fmt;

use super::Project;

/// The images to build on, one of each family, and whether `<nixpkgs>` is in it.
pub const BASES: [(&str, &str, bool); 4] = [
    ("nixos-nix", "nixos/nix:2.31.2", true),
    (
        "nixery",
        "nixery.dev/shell/nix/git/findutils/gnugrep/gnutar/gzip/xz",
        false,
    ),
    ("nixpkgs", "nixdyno/nixpkgs:8fd9daa3db09", false),
    ("own", "registry.example/me/builder:1", true),
];

/// What `--root` takes.
pub const ROOTS: [&str; 4] = ["scratch", "shell", "exec", IMAGE];

/// The image that `--root` stands on.
pub const IMAGE: &str = "heroku/heroku:24";

/// The revision that pins have.
pub const REVISION: &str = "8fd9daa3db09ced9700431c5b7ad0e8ba199b575";

/// Where a project's nixpkgs is fetched from.
#[derive(Debug, Clone)]
pub struct Archive {
    pub url: String,
    pub hash: String,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Combination {
    pub family: &'static str,
    pub base: &'static str,
    has_nixpkgs: bool,
    pub flake: bool,
    pub several: bool,
    pub root: &'static str,
}

/// All of them.
pub fn combinations() -> Vec<Combination> {
    let mut all = Vec::new();
    for (family, base, has_nixpkgs) in BASES {
        for flake in [true, false] {
            for several in [false, true] {
                all.extend(ROOTS.map(|root| Combination {
                    family,
                    base,
                    has_nixpkgs,
                    flake,
                    several,
                    root,
                }));
            }
        }
    }
    all
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}-{}-{}-{}",
            self.family,
            self.origin(),
            self.count(),
            self.kind()
        )
    }
}

impl Combination {
    pub fn origin(&self) -> &'static str {
        if self.flake { "flake" } else { "classic" }
    }

    pub fn count(&self) -> &'static str {
        if self.several { "several" } else { "one" }
    }

    /// The kind of root.
    pub fn kind(&self) -> &'static str {
        if self.root == IMAGE {
            "image"
        } else {
            self.root
        }
    }

    /// The same, of a project with one process.
    pub fn of_one_process(self) -> Self {
        Combination {
            several: false,
            ..self
        }
    }

    /// The process types.
    pub fn processes(&self) -> &'static [&'static str] {
        if self.several {
            &["release", "web", "worker"]
        } else {
            &["web"]
        }
    }

    /// Words for nixdyno beside the verb; those for Nix stand in place of a network.
    pub fn words(&self) -> Vec<&'static str> {
        let mut words = vec!["--no-eval", "--base", self.base, "--root", self.root];
        if self.flake && self.family != "nixpkgs" {
            words.extend([
                "--nix-arg=--override-input",
                "--nix-arg=nixpkgs",
                "--nix-arg=path:/srv/lab/nixpkgs",
            ]);
        }
        words
    }

    /// A package with three programs. Without a Procfile its main program is `web`.
    pub fn project(&self, archive: &Archive) -> Project {
        let project = Project::new(&[]);
        let Archive { url, hash } = archive;
        if self.flake && self.family == "nixpkgs" {
            project.write("flake.nix", &flake(url));
            project.write("flake.lock", &lock(archive));
        } else if self.flake {
            project.write("flake.nix", &flake("github:NixOS/nixpkgs/nixos-25.11"));
        } else {
            let nixpkgs = if self.has_nixpkgs {
                "<nixpkgs>".to_owned()
            } else {
                format!("(fetchTarball {{ url = \"{url}\"; sha256 = \"{hash}\"; }})")
            };
            let file = format!("{{ pkgs ? import {nixpkgs} {{ }} }}:\n{PACKAGE}");
            project.write("default.nix", &file);
        }
        if self.several {
            project.write("Procfile", "release: release\nweb: web\nworker: worker\n");
        }
        project
    }
}

/// Each program says who runs it; `web` writes that to the one place that is writable.
const PACKAGE: &str = r#"pkgs.symlinkJoin {
  name = "site";
  paths = [
    (pkgs.writeShellScriptBin "web" ''
      ${pkgs.busybox}/bin/busybox mkdir /tmp/www
      echo "web as $UID in $PWD" > /tmp/www/index.html
      exec ${pkgs.busybox}/bin/busybox httpd -f -p "$PORT" -h /tmp/www
    '')
    (pkgs.writeShellScriptBin "worker" ''
      if echo x 2> /dev/null > /app/x; then echo "/app is writable"; fi
      echo "worker as $UID in $PWD"
    '')
    (pkgs.writeShellScriptBin "release" ''echo "release as $UID in $PWD"'')
  ];
  meta.mainProgram = "web";
}
"#;

fn flake(url: &str) -> String {
    format!(
        "{{\n  inputs.nixpkgs.url = \"{url}\";\n  outputs = {{ self, nixpkgs }}: {{\n    \
         packages.x86_64-linux.default = let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {PACKAGE}; }};\n}}\n"
    )
}

/// A flake.lock that pins nixpkgs as an archive.
pub fn lock(archive: &Archive) -> String {
    let Archive { url, hash } = archive;
    format!(
        r#"{{ "nodes": {{ "nixpkgs": {{
            "locked": {{ "type": "tarball", "url": "{url}", "narHash": "{hash}", "lastModified": 1,
              "rev": "{REVISION}" }},
            "original": {{ "type": "tarball", "url": "{url}" }} }},
          "root": {{ "inputs": {{ "nixpkgs": "nixpkgs" }} }} }}, "root": "root", "version": 7 }}"#
    )
}
