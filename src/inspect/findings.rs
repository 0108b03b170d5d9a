//! Collects what the two entry files show: entries, candidates, warnings, and whether Nix would refuse.

use crate::names::AttrPath;

use super::candidates::{self, Draft};
use super::lint::Lint;
use super::lock::{self, LockReading};
use super::needs;
use super::pins::Sources;
use super::project::{ClassicShape, Entry, Need, Origin, Pin, Source, Warning};
use super::read::{App, ClassicReading, FlakeReading, Makes, Missing, SYSTEM, Service, What};

/// What has been found so far; each step adds to it.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) entry: Vec<Entry>,
    pub(super) drafts: Vec<Draft>,
    pub(super) warnings: Vec<Warning>,
    /// Nix would refuse; a warning says why.
    pub(super) broken: bool,
    /// Why there may be more candidates than these.
    pub(super) open: Option<String>,
    pub(super) apps: Vec<App>,
    pub(super) services: Vec<Service>,
    pub(super) needs: Vec<Need>,
    /// Pins that stand in the Nix files themselves.
    pub(super) pins: Vec<Pin>,
}

impl Findings {
    /// Adds what `flake.nix` shows.
    pub(super) fn flake(&mut self, mut reading: FlakeReading, lock: Option<&LockReading>) {
        let locked = lock.is_some();
        if let Some(release) = lock.and_then(|lock| lock.release.as_deref()) {
            reading.lint.built_with(release);
        }
        self.add(needs::of_flake(&reading));
        if let Some(lock) = lock {
            let (missing, surplus) = lock::differs(lock, &reading.inputs);
            self.warnings
                .extend(lock::differs_warning(&missing, &surplus));
        }
        self.lint(reading.lint);
        self.entry.push(Entry::Flake {
            locked,
            inputs: reading.inputs.clone(),
        });
        if !locked && !reading.inputs.is_empty() {
            let what = format!(
                "no flake.lock: the inputs are not pinned ({})",
                reading.inputs.join(", ")
            );
            let todo = "run `nix flake lock`, and add flake.lock to git";
            self.warn(Warning::new("inspect/no-lock", what, todo), None);
        }
        let found = reading.attributes.iter();
        let found = found.filter_map(|it| candidates::draft(Origin::Flake, it));
        self.drafts.extend(found);
        self.open = reading.open;
        self.apps = reading.apps;
        self.services = reading.services;
        if let Some(missing) = &reading.missing {
            self.missing(missing);
        }
    }

    /// Adds pins, and what they need.
    pub(super) fn pinned(&mut self, lock: Option<LockReading>, sources: Sources, thunks: Sources) {
        if let Some(lock) = lock {
            self.pins.extend(lock.pins);
            self.add((lock.needs, lock.warnings));
        }
        for tool in [sources, thunks] {
            self.pins.extend(tool.pins);
            self.add((tool.needs, tool.warnings));
        }
    }

    /// Adds needs and warnings.
    pub(super) fn add(&mut self, (needs, warnings): needs::Found) {
        self.needs.extend(needs);
        self.warnings.extend(warnings);
    }

    fn lint(&mut self, lint: Lint) {
        self.pins.extend(lint.pins);
        self.needs.extend(lint.needs);
        // A text is no path: whatever takes it as its sources fails.
        self.broken |= lint.warnings.iter().any(|it| it.id == "inspect/src-string");
        self.warnings.extend(lint.warnings);
    }

    fn missing(&mut self, missing: &Missing) {
        match missing {
            Missing::System { name, place } => {
                self.broken = true;
                let what = format!(
                    "`packages.{name}` lacks the level of the system: Nix looks for `packages.{SYSTEM}.{name}`"
                );
                let todo = format!("write `packages.{SYSTEM}.{name} = …`");
                let source = place
                    .as_ref()
                    .map(|place| Source::file(place.path.clone(), place.line));
                self.warn(Warning::new("inspect/no-system", what, todo), source);
            }
            Missing::OtherSystems(systems) => {
                self.broken = true;
                let what = format!(
                    "no packages for {SYSTEM}, the system of a dyno; only for: {}",
                    systems.join(", ")
                );
                let todo = format!("add `{SYSTEM}` to the flake's systems");
                self.warn(Warning::new("inspect/other-systems", what, todo), None);
            }
            Missing::Packages(outputs) => {
                let what = if outputs.is_empty() {
                    "the flake has no outputs".to_owned()
                } else {
                    format!(
                        "the flake has no packages; its outputs are: {}",
                        outputs.join(", ")
                    )
                };
                let todo = format!("add `packages.{SYSTEM}.default`, the derivation to deploy");
                self.warn(Warning::new("inspect/no-packages", what, todo), None);
            }
        }
    }

    /// Adds what `default.nix` shows; `beside` says that a flake comes first.
    pub(super) fn classic(&mut self, mut reading: ClassicReading, sources: &Sources, beside: bool) {
        let pinned = !sources.pins.is_empty();
        if let Some(release) = &sources.release {
            reading.lint.built_with(release);
        }
        if !beside {
            self.lint(std::mem::take(&mut reading.lint));
        }
        self.entry.push(Entry::Classic {
            shape: reading.shape.clone(),
        });
        let first = self.drafts.len();
        if reading.module {
            let todo = "give the package in a default.nix or flake.nix of its own";
            let what = "default.nix is a NixOS module, not a package";
            self.warn_classic(beside, Warning::new("inspect/module", what, todo), None);
            return;
        }
        let found = reading.attributes.iter();
        let found = found.filter_map(|it| candidates::draft(Origin::Classic, it));
        self.drafts.extend(found);
        if beside {
            for draft in self.drafts.iter_mut().skip(first) {
                draft
                    .candidate
                    .because(-100, "flake.nix comes first where both are there", None);
            }
        } else {
            self.open.clone_from(&reading.open);
        }
        self.arguments(&reading, beside);
        let shell =
            |what: &What| matches!(what, What::Package(it) if it.builder.makes == Makes::Shell);
        if reading
            .attributes
            .iter()
            .any(|it| it.path.is_root() && shell(&it.what))
        {
            let what = "default.nix is a development shell";
            let todo = "give a package instead, and move the shell into shell.nix";
            self.warn_classic(beside, Warning::new("inspect/shell", what, todo), None);
        }
        if let (Some(line), false) = (reading.search_path, pinned || beside) {
            let what = "`<nixpkgs>` is whatever the building machine has: the build is not pinned";
            let todo = "pin it, with npins or `fetchTarball { url = …; sha256 = …; }`";
            // Whatever the building machine has is of today, and lacks these names.
            self.broken |= self
                .warnings
                .iter()
                .any(|it| it.id == "inspect/removed-name");
            let source = Source::file("default.nix", line);
            self.warn(Warning::new("inspect/unpinned", what, todo), Some(source));
        }
    }

    fn arguments(&mut self, reading: &ClassicReading, beside: bool) {
        if let ClassicShape::CallPackage { required } = &reading.shape
            && !beside
        {
            let source = Source::file("default.nix", None);
            self.needs.extend(needs::of_arguments(required, &source));
            let what =
                "default.nix is built by the base image's `<nixpkgs>`: the build is not pinned";
            let todo = "give it a default: `{ pkgs ? import <nixpkgs> { } }:`, and pin that";
            self.warn(Warning::new("inspect/unpinned", what, todo), Some(source));
        }
        let ClassicShape::NeedsArguments { required } = &reading.shape else {
            return;
        };
        let what = format!(
            "default.nix is a function that needs: {}",
            required.join(", ")
        );
        if !beside {
            let source = Source::file("default.nix", None);
            self.needs.extend(needs::of_arguments(required, &source));
        }
        let todo = if required.iter().any(|name| name == "pkgs") {
            "give it a default: `{ pkgs ? import <nixpkgs> { } }:`"
        } else {
            "rename it to package.nix, and write a default.nix: `(import <nixpkgs> { }).callPackage ./package.nix { }`"
        };
        self.broken |= !beside;
        self.warn_classic(
            beside,
            Warning::new("inspect/needs-arguments", what, todo),
            None,
        );
    }

    /// Nix itself can't call default.nix: it needs what nixpkgs doesn't have.
    pub(super) fn cannot_call(&mut self, required: &[String]) {
        self.drafts
            .retain(|it| it.candidate.from != Origin::Classic);
        self.broken = true;
        if self
            .warnings
            .iter()
            .any(|it| it.id == "inspect/needs-arguments")
        {
            return;
        }
        let what = format!(
            "default.nix is a function that needs: {}",
            required.join(", ")
        );
        let todo = "give each argument that nixpkgs doesn't have a default";
        self.warn_classic(
            false,
            Warning::new("inspect/needs-arguments", what, todo),
            None,
        );
    }

    /// Takes back what reading found missing: Nix found it.
    pub(super) fn disprove_missing(&mut self) {
        self.broken = false;
        let missing = [
            "inspect/no-system",
            "inspect/other-systems",
            "inspect/no-packages",
            "inspect/needs-arguments",
        ];
        self.warnings
            .retain(|it| !missing.contains(&it.id.as_str()));
    }

    /// Whether a warning already tells about an attribute.
    pub(super) fn warned_of(&self, path: &AttrPath) -> bool {
        let name = format!("`{path}`");
        self.warnings.iter().any(|it| it.what.contains(&name))
    }

    /// Nix knows better what default.nix is.
    pub(super) fn set_classic_shape(&mut self, known: &ClassicShape) {
        for entry in &mut self.entry {
            if let Entry::Classic { shape } = entry {
                shape.clone_from(known);
            }
        }
    }

    /// A default.nix beside a flake is not built: what is wrong with it stays a reason, no warning.
    fn warn_classic(&mut self, beside: bool, warning: Warning, source: Option<Source>) {
        if !beside {
            let source = source.or_else(|| Some(Source::file("default.nix", None)));
            self.warn(warning, source);
        }
    }

    fn warn(&mut self, warning: Warning, source: Option<Source>) {
        let source = source.unwrap_or_else(|| Source::file("flake.nix", None));
        self.warnings.push(warning.at(source));
    }
}
