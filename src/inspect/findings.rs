//! Collects what the two entry files show: entries, candidates, warnings, and whether Nix would refuse.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::error::near_misses;
use crate::names::NixFile;

use super::candidates::{self, Draft};
use super::lint::{Lint, NamedPath};
use super::lock::{self, LockReading};
use super::needs;
use super::pins::Sources;
use super::project::{ClassicShape, Ecosystem, Entry, Need, Origin, Pin, Source, Warning};
use super::read::{
    App, Attribute, ClassicReading, FlakeReading, Makes, Missing, Package, SYSTEM, Service, What,
};

/// Why Nix would refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// There is no package for a dyno's system.
    Missing,
    /// default.nix can't be called.
    Arguments,
    /// The only package takes a text for its sources.
    SrcString,
    /// The only package uses a name that the nixpkgs of the build lacks.
    RemovedName,
    /// Nix said so itself.
    Refused,
}

/// What has been found so far; each step adds to it.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) entry: Vec<Entry>,
    pub(super) drafts: Vec<Draft>,
    pub(super) warnings: Vec<Warning>,
    /// Why Nix would refuse; a warning tells of each.
    causes: BTreeSet<Cause>,
    /// The file that stands in the place of default.nix.
    pub(super) classic_file: NixFile,
    /// Why there may be more candidates than these.
    pub(super) open: Option<String>,
    pub(super) apps: Vec<App>,
    pub(super) services: Vec<Service>,
    pub(super) needs: Vec<Need>,
    /// Pins that stand in the Nix files themselves.
    pub(super) pins: Vec<Pin>,
    /// Files and folders that the Nix files name, with the first place.
    pub(super) paths: BTreeMap<PathBuf, NamedPath>,
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
        let only = only(&reading.attributes).filter(|_| reading.open.is_none());
        self.src_string(only);
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
        let found =
            found.filter_map(|it| candidates::draft(Origin::Flake, Path::new("flake.nix"), it));
        self.drafts.extend(found);
        self.open = reading.open;
        self.apps = reading.apps;
        self.services = reading.services;
        if let Some(missing) = &reading.missing {
            self.missing(missing);
        }
    }

    /// Adds pins, and what they need; sorts them with those of the Nix files, which come before.
    pub(super) fn pinned(&mut self, lock: Option<LockReading>, sources: Sources, thunks: Sources) {
        if let Some(lock) = lock {
            self.pins.extend(lock.pins);
            self.add((lock.needs, lock.warnings));
        }
        for tool in [sources, thunks] {
            self.pins.extend(tool.pins);
            self.add((tool.needs, tool.warnings));
        }
        self.pins
            .sort_by(|a, b| (&a.name, &a.source).cmp(&(&b.name, &b.source)));
    }

    /// Adds needs and warnings.
    pub(super) fn add(&mut self, (needs, warnings): needs::Found) {
        self.needs.extend(needs);
        self.warnings.extend(warnings);
    }

    fn lint(&mut self, lint: Lint) {
        self.pins.extend(lint.pins);
        self.needs.extend(lint.needs);
        self.warnings.extend(lint.warnings);
        for (path, named) in lint.paths {
            match self.paths.entry(path) {
                Slot::Vacant(free) => drop(free.insert(named)),
                Slot::Occupied(mut known) => known.get_mut().files.extend(named.files),
            }
        }
    }

    /// A text is no path: the only package fails that has no other sources.
    fn src_string(&mut self, only: Option<&Package>) {
        let takes = |it: &Package| {
            it.builder.makes == Makes::App && it.builder.ecosystem != Some(Ecosystem::Shell)
        };
        let without = only.filter(|it| it.folder.is_none() && takes(it));
        if without.is_some_and(|it| self.warns_inside("inspect/src-string", it)) {
            self.refuse(Cause::SrcString);
        }
    }

    /// Whether there is a warning of this id behind the head of the package's call, in the same file.
    fn warns_inside(&self, id: &str, package: &Package) -> bool {
        let Some(place) = &package.place else {
            return false;
        };
        self.warnings.iter().any(|it| match &it.source {
            Some(Source::File { path, line }) => {
                it.id == id && *path == place.path && *line >= Some(place.line)
            }
            _ => false,
        })
    }

    fn refuse(&mut self, cause: Cause) {
        self.causes.insert(cause);
    }

    /// Whether Nix would refuse.
    pub(super) fn is_broken(&self) -> bool {
        !self.causes.is_empty()
    }

    /// Nix itself refused.
    pub(super) fn refused(&mut self) {
        self.refuse(Cause::Refused);
    }

    fn missing(&mut self, missing: &Missing) {
        match missing {
            Missing::System { name, place } => {
                self.refuse(Cause::Missing);
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
                self.refuse(Cause::Missing);
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

    /// Adds what `file` shows, a default.nix as a rule; `beside` says that a flake comes first.
    pub(super) fn classic(
        &mut self,
        file: &NixFile,
        mut reading: ClassicReading,
        sources: &Sources,
        beside: bool,
    ) {
        self.classic_file = file.clone();
        let pinned = !sources.pins.is_empty();
        if let Some(release) = &sources.release {
            reading.lint.built_with(release);
        }
        let only = only(&reading.attributes).filter(|_| reading.open.is_none() && !beside);
        if !beside {
            self.lint(std::mem::take(&mut reading.lint));
            self.src_string(only);
            self.untaken(file, &reading);
        }
        self.entry.push(Entry::Classic {
            file: file.clone(),
            shape: reading.shape.clone(),
        });
        let first = self.drafts.len();
        if reading.module {
            let todo = "give the package in a default.nix or flake.nix of its own";
            let what = format!("{file} is a NixOS module, not a package");
            self.warn_classic(beside, Warning::new("inspect/module", what, todo), None);
            return;
        }
        let found = reading.attributes.iter();
        let found = found.filter_map(|it| candidates::draft(Origin::Classic, file.path(), it));
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
            let what = format!("{file} is a development shell");
            let todo = "give a package instead, and move the shell into shell.nix";
            self.warn_classic(beside, Warning::new("inspect/shell", what, todo), None);
        }
        if let (Some(line), false) = (reading.search_path, pinned || beside) {
            let what = "`<nixpkgs>` is whatever the building machine has: the build is not pinned";
            let todo = "pin it, with npins or `fetchTarball { url = …; sha256 = …; }`";
            // Whatever the building machine has is of today, and lacks these names.
            if only.is_some_and(|it| self.warns_inside("inspect/removed-name", it)) {
                self.refuse(Cause::RemovedName);
            }
            let source = Source::file(file.path(), line);
            self.warn(Warning::new("inspect/unpinned", what, todo), Some(source));
        }
    }

    fn arguments(&mut self, reading: &ClassicReading, beside: bool) {
        if let ClassicShape::CallPackage { required } = &reading.shape
            && !beside
        {
            let source = Source::file(self.classic_file.path(), None);
            self.needs.extend(needs::of_arguments(required, &source));
            let what = format!(
                "{} is built by the base image's `<nixpkgs>`: the build is not pinned",
                self.classic_file
            );
            let todo = "give it a default: `{ pkgs ? import <nixpkgs> { } }:`, and pin that";
            self.warn(Warning::new("inspect/unpinned", what, todo), Some(source));
        }
        let ClassicShape::NeedsArguments { required } = &reading.shape else {
            return;
        };
        let what = format!(
            "{} is a function that needs: {}",
            self.classic_file,
            required.join(", ")
        );
        if !beside {
            let source = Source::file(self.classic_file.path(), None);
            self.needs.extend(needs::of_arguments(required, &source));
        }
        let todo = if required.iter().any(|name| name == "pkgs") {
            "give it a default: `{ pkgs ? import <nixpkgs> { } }:`"
        } else {
            "rename it to package.nix, and write a default.nix: `(import <nixpkgs> { }).callPackage ./package.nix { }`"
        };
        if !beside {
            self.refuse(Cause::Arguments);
        }
        self.warn_classic(
            beside,
            Warning::new("inspect/needs-arguments", what, todo),
            None,
        );
    }

    /// Nix leaves out, and tells nobody, what the function in `file` has no name for.
    fn untaken(&mut self, file: &NixFile, reading: &ClassicReading) {
        let takes = &reading.takes;
        for name in &reading.untaken {
            let shown = name.escape_debug();
            let what = format!(
                "{file} takes no argument `{shown}`: it takes {}",
                if takes.is_empty() {
                    "none".to_owned()
                } else {
                    takes.join(", ")
                }
            );
            let todo = match near_misses(name, takes.iter().map(String::as_str)).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => "leave it out".to_owned(),
            };
            let source = Source::file(file.path(), None);
            self.warn(
                Warning::new("inspect/untaken-argument", what, todo),
                Some(source),
            );
        }
    }

    /// Nix itself can't call default.nix: it needs what nixpkgs doesn't have.
    pub(super) fn cannot_call(&mut self, required: &[String]) {
        self.drafts
            .retain(|it| it.candidate.from != Origin::Classic);
        self.refuse(Cause::Arguments);
        if self
            .warnings
            .iter()
            .any(|it| it.id == "inspect/needs-arguments")
        {
            return;
        }
        let what = format!(
            "{} is a function that needs: {}",
            self.classic_file,
            required.join(", ")
        );
        let todo = "give each argument that nixpkgs doesn't have a default";
        self.warn_classic(
            false,
            Warning::new("inspect/needs-arguments", what, todo),
            None,
        );
    }

    /// Takes back what reading found missing: Nix found it. What only the build would stumble over stays.
    pub(super) fn disprove_missing(&mut self) {
        self.causes.remove(&Cause::Missing);
        self.causes.remove(&Cause::Arguments);
        let missing = [
            "inspect/no-system",
            "inspect/other-systems",
            "inspect/no-packages",
            "inspect/needs-arguments",
        ];
        self.warnings
            .retain(|it| !missing.contains(&it.id.as_str()));
    }

    /// Nix knows better what default.nix is.
    pub(super) fn set_classic_shape(&mut self, known: &ClassicShape) {
        for entry in &mut self.entry {
            if let Entry::Classic { shape, .. } = entry {
                shape.clone_from(known);
            }
        }
    }

    /// A default.nix beside a flake is not built: what is wrong with it stays a reason, no warning.
    fn warn_classic(&mut self, beside: bool, warning: Warning, source: Option<Source>) {
        if !beside {
            let source = source.or_else(|| Some(Source::file(self.classic_file.path(), None)));
            self.warn(warning, source);
        }
    }

    fn warn(&mut self, warning: Warning, source: Option<Source>) {
        let source = source.unwrap_or_else(|| Source::file("flake.nix", None));
        self.warnings.push(warning.at(source));
    }
}

/// The one package that there is: under one attribute, or under several by the same call.
fn only(attributes: &[Attribute]) -> Option<&Package> {
    let mut packages = attributes.iter().map(|it| match &it.what {
        What::Package(package) => Some(package),
        _ => None,
    });
    let first = packages.next()??;
    let same = |it: Option<&Package>| it.is_some_and(|it| it.place == first.place);
    packages.all(same).then_some(first)
}

#[cfg(test)]
mod tests {
    use crate::inspect::{Ask, Project, Verdict, inspect};
    use crate::nix::Where;
    use crate::shell::Recorded;

    fn look(file: &str, text: &str, json: Option<&str>) -> Project {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join(file), text).unwrap();
        let runner = Recorded::new()
            .answer("nix --version", 0, "nix (Nix) 2.26.3\n", "")
            .answer("nix", 0, json.unwrap_or_default(), "");
        let ask = Ask {
            evaluate: json.map(|_| Where::Here),
            ..Ask::default()
        };
        inspect(dir.path(), &ask, &runner).unwrap()
    }

    fn flake(packages: &str) -> String {
        format!(
            "{{ outputs = {{ self, nixpkgs }}: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {{\n packages.x86_64-linux = {{\n{packages}\n}}; }}; }}"
        )
    }

    fn has(project: &Project, id: &str) -> bool {
        project.warnings.iter().any(|it| it.id == id)
    }

    const GOOD: &str = "server = pkgs.buildGoModule { pname = \"server\"; src = ./.; };\n";
    const BAD: &str = "tool = pkgs.buildGoModule { pname = \"tool\"; src = \"./.\"; };\n";

    fn called(text: &str, words: &str) -> Project {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("default.nix"), text).unwrap();
        let ask = Ask {
            nix_args: words.split_whitespace().map(str::to_owned).collect(),
            ..Ask::default()
        };
        inspect(dir.path(), &ask, &Recorded::new()).unwrap()
    }

    #[test]
    fn a_function_is_read_with_the_arguments_that_are_given() {
        let body = "pkgs.writeShellScriptBin name \"\"";
        let text = format!("{{ pkgs ? import <nixpkgs> {{ }}, name }}: {body}");
        let none = called(&text, "");
        assert_eq!(none.verdict, Verdict::Broken);
        assert!(has(&none, "inspect/needs-arguments"));
        let given = called(&text, "--argstr name serve");
        assert_eq!(given.verdict, Verdict::Deploy, "{:?}", given.warnings);
        assert!(!has(&given, "inspect/needs-arguments"));
        assert_eq!(given.candidates[0].program.name(), Some("serve"));
        let expression = called(&text, "--arg name \"x\"");
        assert_eq!(expression.verdict, Verdict::Deploy);
        assert_ne!(expression.candidates[0].program.name(), Some("serve"));

        let optional = format!("{{ pkgs ? import <nixpkgs> {{ }}, name ? \"web\" }}: {body}");
        let program = |words: &str| {
            let project = called(&optional, words);
            project.candidates[0].program.name().map(str::to_owned)
        };
        assert_eq!(program("").as_deref(), Some("web"));
        assert_eq!(program("--argstr name serve").as_deref(), Some("serve"));
        // What isn't named there is left out, as by `nix-build`.
        let plain = called("name: (import <nixpkgs> { }).hello", "--argstr name x");
        assert_eq!(plain.verdict, Verdict::Broken);
    }

    #[test]
    fn an_argument_that_nobody_takes_is_told() {
        let text = "{ pkgs ? import <nixpkgs> { }, name ? \"web\" }: pkgs.hello";
        let told = |text: &str, words: &str| -> String {
            let project = called(text, words);
            let all = project.warnings.iter();
            let own = all.filter(|it| it.id == "inspect/untaken-argument");
            let lines: Vec<_> = own
                .map(|it| format!("{}\n  do: {}", it.what, it.todo))
                .collect();
            lines.join("\n")
        };
        insta::assert_snapshot!(told(text, "--argstr nme serve --arg zzz 1"));
        assert_eq!(told(text, "--argstr name serve"), "");
        let any = text.replace("\"web\" }", "\"web\", ... }");
        assert_eq!(told(&any, "--argstr nme serve"), "");
        assert_eq!(told("import <nixpkgs> { }", "--argstr nme serve"), "");
    }

    #[test]
    fn a_text_for_the_sources_breaks_only_what_takes_it() {
        let alone = look("flake.nix", &flake(BAD), None);
        assert_eq!(alone.verdict, Verdict::Broken);
        let beside = look("flake.nix", &flake(&format!("{GOOD}{BAD}")), None);
        assert_ne!(beside.verdict, Verdict::Broken);
        assert!(has(&beside, "inspect/src-string"));
    }

    #[test]
    fn a_text_in_data_breaks_nothing() {
        let data = GOOD.replace(
            "src = ./.;",
            "src = ./.;\n passthru.x = f { src = \"./static\"; };",
        );
        let project = look("flake.nix", &flake(&data), None);
        assert_ne!(project.verdict, Verdict::Broken);
    }

    #[test]
    fn nix_does_not_disprove_what_only_the_build_meets() {
        let json = r#"{ "tool": { "derivation": true, "name": "tool" } }"#;
        let project = look("flake.nix", &flake(BAD), Some(json));
        assert!(project.evaluated_by.is_some());
        assert_eq!(project.verdict, Verdict::Broken);
    }

    #[test]
    fn nix_disproves_what_seemed_to_be_missing() {
        let text = "{ outputs = { self, nixpkgs }: { packages.aarch64-darwin.a = nixpkgs.lib.writeShellScriptBin \"a\" \"\"; }; }";
        assert_eq!(look("flake.nix", text, None).verdict, Verdict::Broken);
        let json = r#"{ "a": { "derivation": true, "name": "a", "program": "a" } }"#;
        let project = look("flake.nix", text, Some(json));
        assert_eq!(project.verdict, Verdict::Deploy);
        assert!(!has(&project, "inspect/other-systems"));
    }

    #[test]
    fn a_removed_name_breaks_only_the_package_that_uses_it() {
        let text = "with import <nixpkgs> { };\nstdenv.mkDerivation {\n name = \"x\";\n src = stdenv.lib.cleanSource ./.;\n}\n";
        assert_eq!(look("default.nix", text, None).verdict, Verdict::Broken);
        let before = "let pkgs = import <nixpkgs> { }; lib = pkgs.lib or pkgs.stdenv.lib; in\npkgs.stdenv.mkDerivation {\n name = \"x\";\n src = ./.;\n}\n";
        assert_ne!(look("default.nix", before, None).verdict, Verdict::Broken);
        let inside = "with import <nixpkgs> { };\nstdenv.mkDerivation {\n name = \"x\";\n src = (pkgs.lib or pkgs.stdenv.lib).cleanSource ./.;\n}\n";
        let inside = look("default.nix", inside, None);
        assert!(!has(&inside, "inspect/removed-name"));
        assert_ne!(inside.verdict, Verdict::Broken);
    }
}
