//! Which programs a derivation installs, and whether that is all it installs.
//!
//! Takes a builder's set; gives names, each with its place, in [`Package::installs`]. A list such as
//! `subPackages` or an install phase of its own replaces what the builder would install, and a phase such as
//! `postInstall` only adds to it. Never: "that is all" when a part can't be read.

use std::path::{Path, PathBuf};

use super::installed::Installed;
use super::package::is_program;
use super::phases;
use super::reader::Reader;
use super::value::{Lazy, Package, Place, Set, Value};
use crate::inspect::project::Ecosystem;

/// Attributes whose shell text installs programs, in the order they run, and whether one takes the place
/// of all that the builder itself would install.
const PHASES: &[(&str, bool)] = &[
    ("buildCommand", true),
    ("buildPhase", false),
    ("postBuild", false),
    ("preInstall", false),
    ("installPhase", true),
    ("installPhaseCommand", true),
    ("postInstall", false),
    ("preFixup", false),
    ("fixupPhase", false),
    ("postFixup", false),
];
/// Attributes that list programs by name, and whose builders install these only.
const LISTS: &[(&str, Ecosystem)] = &[
    ("executables", Ecosystem::Dotnet),
    ("exes", Ecosystem::Ruby),
    ("subPackages", Ecosystem::Go),
];
/// Attributes that hold flags for cargo.
const CARGO_FLAGS: &[&str] = &["cargoBuildFlags", "cargoExtraArgs", "cargoInstallFlags"];

/// Whether the programs that were read are all.
#[derive(Default)]
struct Whole {
    /// Something says that there are no others.
    said: bool,
    /// Something may bring others that can't be read.
    unclear: bool,
}

impl Reader {
    /// The programs of a builder's set, or of one of `overrideAttrs`.
    pub(super) fn read_programs(&self, package: &mut Package, set: &Set) {
        let before = !package.installs.is_empty();
        let mut whole = Whole::default();
        for (name, ecosystem) in LISTS {
            if let Some(lazy) = set.attributes.get(*name) {
                let complete = self.read_names(package, lazy);
                whole.said |= complete && package.builder.ecosystem == Some(*ecosystem);
                whole.unclear |= !complete;
            }
        }
        for name in CARGO_FLAGS {
            if let Some(lazy) = set.attributes.get(*name) {
                self.read_cargo_flags(package, lazy, &mut whole);
            }
        }
        for (name, replaces) in PHASES {
            if let Some(lazy) = set.attributes.get(*name) {
                self.read_phase(package, lazy, *replaces, &mut whole);
            }
        }
        if let Some(lazy) = set.attributes.get("destination") {
            self.read_destination(package, lazy);
        }
        // Said again for a package that had programs: what is left of those can't be told.
        let said = if before {
            package.installs_all && !whole.said
        } else {
            whole.said
        };
        package.installs_all = said && !whole.unclear && !package.installs.is_empty();
    }

    /// The commands that make a whole derivation.
    pub(super) fn read_commands(&self, package: &mut Package, commands: Option<&Lazy>) {
        let mut whole = Whole::default();
        if let Some(lazy) = commands {
            self.read_phase(package, lazy, true, &mut whole);
        }
        package.installs_all = whole.said && !whole.unclear && !package.installs.is_empty();
    }

    /// A list of names, or of folders named after the program; whether every item of it was one.
    fn read_names(&self, package: &mut Package, lazy: &Lazy) -> bool {
        let (Some(place), Some(names)) = (lazy.place(), self.texts(lazy)) else {
            return false;
        };
        let mut complete = true;
        for name in names {
            let last = name.trim_end_matches('/').rsplit('/').next();
            match last.filter(|last| *last != "..." && is_program(last)) {
                Some(last) => add(&mut package.installs, last, &place),
                None => complete = false,
            }
        }
        complete
    }

    /// `--bin x` names a program; `-p x` a member of the workspace, whose folder is taken.
    fn read_cargo_flags(&self, package: &mut Package, lazy: &Lazy, whole: &mut Whole) {
        let Some(place) = lazy.place() else { return };
        let words: Vec<String> = match self.force(lazy) {
            Value::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
            Value::List(_) => {
                let texts = self.texts(lazy);
                whole.unclear |= texts.is_none();
                let texts = texts.unwrap_or_default();
                let words = texts.iter().flat_map(|text| text.split_whitespace());
                words.map(str::to_owned).collect()
            }
            _ => {
                whole.unclear = true;
                return;
            }
        };
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (word, None),
            };
            match flag {
                "--bin" => match value.or_else(|| words.next()).filter(|it| is_program(it)) {
                    Some(name) => {
                        add(&mut package.installs, name, &place);
                        whole.said = true;
                    }
                    None => whole.unclear = true,
                },
                "--bins" | "--all-targets" => whole.unclear = true,
                "-p" | "--package" => {
                    let name = value.or_else(|| words.next()).unwrap_or_default();
                    let folder = package.folder.clone().unwrap_or_default();
                    if let Some(member) = self.cargo_member(&folder, name) {
                        package.folder = Some(member);
                    }
                }
                _ => {}
            }
        }
    }

    /// The folder of a workspace's member, found by its package's name.
    fn cargo_member(&self, folder: &Path, name: &str) -> Option<PathBuf> {
        let manifest = self.manifest(folder)?;
        let members = manifest.get("workspace")?.get("members")?.as_array()?;
        for member in members.iter().filter_map(toml::Value::as_str) {
            let folders = match member.strip_suffix("/*") {
                Some(above) => {
                    let above = folder.join(above);
                    let listed = self.listing(&above)?.into_iter();
                    listed.map(|(name, _)| above.join(name)).collect()
                }
                None => vec![folder.join(member)],
            };
            for folder in folders {
                let package = self.manifest(&folder);
                let named = package
                    .as_ref()
                    .and_then(|it| it.get("package")?.get("name"));
                if named.and_then(toml::Value::as_str) == Some(name) {
                    return Some(folder);
                }
            }
        }
        None
    }

    /// `Cargo.toml` of a folder.
    pub(super) fn manifest(&self, folder: &Path) -> Option<toml::Table> {
        let text = self.text_of(&folder.join("Cargo.toml")).ok()?;
        self.spend(text.len() / 256)
            .then(|| toml::from_str(&text).ok())?
    }

    /// Programs that a phase's text installs, renames and removes.
    fn read_phase(&self, package: &mut Package, lazy: &Lazy, replaces: bool, whole: &mut Whole) {
        let (Some(text), Some(place)) = (self.shell_text(lazy), lazy.place()) else {
            whole.unclear = true;
            return;
        };
        phases::shipped(&text, &mut package.ships);
        package.tools.extend(phases::tools(&text));
        package.tools.sort();
        package.tools.dedup();
        let own = |package: &Package| {
            package
                .installs
                .iter()
                .map(|(name, _)| name.clone())
                .collect()
        };
        let mut installed = Installed {
            programs: own(package),
            removed: std::mem::take(&mut package.removed),
            aliases: std::mem::take(&mut package.aliases),
            ..Installed::default()
        };
        // Which of a list's programs an install phase of its own takes over can't be told.
        whole.unclear |= replaces && !installed.programs.is_empty();
        installed.read(&text);
        whole.said |= replaces || installed.emptied;
        // What came before it is gone.
        whole.unclear = whole.unclear && !installed.emptied || installed.unclear;
        package
            .installs
            .retain(|(name, _)| installed.programs.contains(name));
        for name in &installed.programs {
            add(&mut package.installs, name, &place);
        }
        package.removed = installed.removed;
        package.aliases = installed.aliases;
    }

    /// `destination = "/bin/x"`
    pub(super) fn read_destination(&self, package: &mut Package, lazy: &Lazy) {
        if let (Value::Text(text), Some(place)) = (self.force(lazy), lazy.place())
            && let Some(name) = text.trim_start_matches('/').strip_prefix("bin/")
            && is_program(name)
        {
            add(&mut package.installs, name, &place);
        }
    }
}

fn add(installs: &mut Vec<(String, Place)>, name: &str, place: &Place) {
    if !installs.iter().any(|(it, _)| it == name) {
        installs.push((name.to_owned(), place.clone()));
    }
}
