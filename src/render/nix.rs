//! The command lines of Nix in a Dockerfile.

use crate::inspect::Origin;
use crate::names::AttrPath;
use crate::plan::{Build, FallbackShell};
use crate::shell::quote;

/// The command lines of Nix, each word quoted.
pub(super) struct Nix<'a> {
    pub(super) build: &'a Build,
    pub(super) lock_flag: &'a str,
}

impl Nix<'_> {
    pub(super) fn args(&self) -> String {
        self.build
            .nix_args
            .iter()
            .fold(String::new(), |line, arg| line + " " + &quote(arg.as_str()))
    }

    pub(super) fn build(&self) -> String {
        match self.build.from {
            Origin::Flake => format!(
                "nix build --print-build-logs {}{} --out-link /result{}",
                self.lock_flag,
                self.args(),
                self.all(|path| format!(" {}", flake_ref(path)))
            ),
            Origin::Classic => {
                format!(
                    "nix-build{}{} --out-link /result{}",
                    self.args(),
                    self.file(),
                    self.classic()
                )
            }
        }
    }

    /// What nix-build builds, where that is not default.nix: another file, or a function of packages called.
    fn file(&self) -> String {
        let file = &self.build.file;
        if self.build.call_package {
            format!(" --expr '(import <nixpkgs> {{ }}).callPackage ./{file} {{ }}'")
        } else if file.is_default() {
            String::new()
        } else {
            format!(" ./{file}")
        }
    }

    /// Fetches the inputs of the build without its sources, in the folder it runs in; as many as it can.
    pub(super) fn warm(&self) -> String {
        let inputs = "inputDerivation";
        match self.build.from {
            Origin::Flake => format!(
                "nix build --keep-going {}{} --no-link {}",
                self.lock_flag,
                self.args(),
                quote(&format!("path:.#{}", self.build.attribute.child(inputs)))
            ),
            Origin::Classic => {
                format!(
                    "nix-build --keep-going{}{} --no-out-link{}",
                    self.args(),
                    self.file(),
                    attr(&self.build.attribute.child(inputs))
                )
            }
        }
    }

    /// Plans the same, and builds nothing.
    pub(super) fn warm_plan(&self) -> String {
        let path = self.build.attribute.child("inputDerivation");
        match self.build.from {
            Origin::Flake => format!(
                "nix path-info --derivation {}{} {}",
                self.lock_flag,
                self.args(),
                quote(&format!("path:.#{path}"))
            ),
            Origin::Classic => {
                format!(
                    "nix-instantiate{}{}{}",
                    self.args(),
                    self.file(),
                    attr(&path)
                )
            }
        }
    }

    /// Prints the derivations that the folder it runs in is built by, and builds none.
    pub(super) fn plan(&self) -> String {
        match self.build.from {
            Origin::Flake => format!(
                "nix path-info --derivation --option allow-import-from-derivation false {}{}{}",
                self.lock_flag,
                self.args(),
                self.all(|path| format!(" {}", quote(&format!("path:.#{path}"))))
            ),
            Origin::Classic => format!(
                "nix-instantiate --option allow-import-from-derivation false{}{}{}",
                self.args(),
                self.file(),
                self.classic()
            ),
        }
    }

    /// Builds packages of the nixpkgs that the app, or else the base, has; leaves links to them.
    pub(super) fn packages(&self, link: &str, attributes: &[String]) -> String {
        let attributes = attributes.iter();
        let attributes = attributes.fold(String::new(), |line, it| line + " --attr " + &quote(it));
        match self.build.fallback_shell {
            // An input that follows another has no path of its own there.
            FallbackShell::FlakeNixpkgs => format!(
                "nix flake archive --json {}{} path:/src > /inputs.json; \\\n      \
                 nix-build --out-link {link}{attributes} --expr 'import \
                 ((builtins.fromJSON (builtins.readFile /inputs.json)).inputs.nixpkgs.path or <nixpkgs>) {{ }}'",
                self.lock_flag,
                self.args()
            ),
            FallbackShell::BaseNixpkgs => {
                format!("nix-build '<nixpkgs>'{attributes} --out-link {link}")
            }
            FallbackShell::Nowhere => "echo 'nixdyno[docker/no-shell]'; exit 1".to_owned(),
        }
    }

    /// The words that choose what nix-build builds. It takes the whole file when none do.
    fn classic(&self) -> String {
        if self.build.attribute.is_root() && self.build.also.is_empty() {
            String::new()
        } else {
            self.all(attr)
        }
    }

    /// The first one's links are `/result` and `/result-OUTPUT`, those of all others have a number.
    fn all(&self, word: impl Fn(&AttrPath) -> String) -> String {
        self.build.attributes().map(word).collect()
    }
}

fn flake_ref(path: &AttrPath) -> String {
    quote(&format!("path:/src#{path}"))
}

fn attr(path: &AttrPath) -> String {
    format!(" --attr {}", quote(&path.to_string()))
}
