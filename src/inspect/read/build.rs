//! What a builder's arguments tell of its derivation: name, programs, folder, command, contents.

use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::known::{Builder, Makes, Tells};
use super::package::is_program;
use super::phases::{self, HOLE};
use super::reader::Reader;
use super::value::{Dotted, Lazy, Package, Piece, Set, Value};

/// Attributes that hold other packages.
const CONTENTS: &[&str] = &[
    "contents",
    "copyToRoot",
    "paths",
    "runtimeInputs",
    "fromImage",
    "config",
];
/// Attributes that say the sources' folder, and those that name one inside of it.
const FOLDERS: &[&str] = &[
    "src",
    "root",
    "projectDir",
    "projectRoot",
    "gemdir",
    "venv",
    "workspaceRoot",
];
const INSIDE: &[&str] = &[
    "modRoot",
    "subdir",
    "sourceRoot",
    "buildAndTestSubdir",
    "npmRoot",
    "npmWorkspace",
];
/// Packages in packages.
const MOST_CONTENTS: usize = 32;

impl Reader {
    /// What a builder makes of its arguments.
    pub(super) fn build(
        &self,
        names: &Dotted,
        builder: &'static Builder,
        arguments: &[Lazy],
    ) -> Value {
        let function = names.last().map_or(builder.name, |name| &**name);
        let mut package = Package::of(function, builder);
        package.place = arguments.last().and_then(Lazy::place);
        let first = arguments.first();
        match (builder.tells, first) {
            (Tells::Attributes | Tells::AttributesOfProgram, Some(first)) => {
                self.read_attributes(&mut package, first);
            }
            (Tells::Program, Some(first)) => {
                if let (Value::Text(name), Some(place)) = (self.force(first), first.place())
                    && is_program(&name)
                {
                    package.name = Some(name.to_string());
                    package.program = Some((name.to_string(), place));
                }
                if let Some(text) = arguments.last() {
                    self.read_script(&mut package, text);
                }
            }
            (Tells::Name | Tells::NameAndFolder, Some(first)) => {
                if let Value::Text(name) = self.force(first)
                    && is_program(&name)
                {
                    package.name = Some(name.to_string());
                }
                if builder.tells == Tells::NameAndFolder {
                    let mut folder = arguments.iter().skip(1);
                    package.folder = folder.find_map(|it| self.folder_of(it));
                }
                if builder.wants == 3 && builder.makes == Makes::Anything {
                    self.read_commands(&mut package, arguments.last());
                }
                if function == "writeTextDir" {
                    self.read_destination(&mut package, first);
                }
            }
            _ => {}
        }
        Value::package(package)
    }

    /// What a builder's set says.
    fn read_attributes(&self, package: &mut Package, argument: &Lazy) {
        let set = match self.force(argument) {
            // `mkDerivation (finalAttrs: { … })`
            Value::Function(function) => {
                let knot = Lazy::knot(
                    move |reader, itself| reader.enter(&function, itself.clone()),
                    argument.spot(),
                );
                self.force(&knot)
            }
            value => value,
        };
        // naersk: `buildPackage ./.`
        package.folder = self.as_path(&set).map(|path| path.to_path_buf());
        let Value::Set(set) = set else { return };
        self.read_changes(package, &set);
        if package.builder.tells == Tells::AttributesOfProgram
            && package.program.is_none()
            && let Some(lazy) = set.attributes.get("pname").or(set.attributes.get("name"))
            && let (Value::Text(name), Some(place)) = (self.force(lazy), lazy.place())
            && is_program(&name)
        {
            package.program = Some((name.to_string(), place));
        }
        if let Some(text) = set.attributes.get("text")
            && package.builder.tells == Tells::AttributesOfProgram
        {
            self.read_script(package, text);
        }
    }

    /// What a set says about a package: a builder's own, or one of `overrideAttrs`.
    pub(super) fn read_changes(&self, package: &mut Package, set: &Set) {
        for name in ["pname", "name"] {
            if let Some(lazy) = set.attributes.get(name)
                && let Value::Text(text) = self.force(lazy)
                && is_program(&text)
            {
                package.name = Some(text.to_string());
                break;
            }
        }
        self.read_folder(package, set);
        self.read_programs(package, set);
        if package.builder.makes == Makes::Image
            && let Some(config) = set.attributes.get("config")
        {
            self.read_image(package, config);
        }
        if matches!(
            package.builder.makes,
            Makes::Image | Makes::Anything | Makes::App
        ) {
            for name in CONTENTS {
                if let Some(lazy) = set.attributes.get(*name) {
                    self.read_contents(package, lazy);
                }
            }
        }
        self.read_meta(package, set);
    }

    /// `meta.mainProgram` of a builder's set, or of what is put over a package with `//`.
    pub(super) fn read_meta(&self, package: &mut Package, set: &Set) {
        let meta = set.attributes.get("meta").map(|meta| self.force(meta));
        if let Some(Value::Set(meta)) = meta
            && let Some(main) = meta.attributes.get("mainProgram")
            && let (Value::Text(name), Some(place)) = (self.force(main), main.place())
            && is_program(&name)
        {
            package.program = Some((name.to_string(), place));
        }
    }

    fn read_folder(&self, package: &mut Package, set: &Set) {
        let mut found = FOLDERS.iter().filter_map(|name| set.attributes.get(*name));
        if let Some(folder) = found.find_map(|lazy| self.folder_of(lazy)) {
            package.folder = Some(folder);
        }
        for name in INSIDE {
            let inside = set.attributes.get(*name).map(|lazy| self.force(lazy));
            let inside = match (inside, *name) {
                (Some(Value::Text(text)), "sourceRoot") => {
                    // `source/web`: the first is what the sources are unpacked to.
                    text.split_once('/').map(|(_, rest)| Rc::from(rest))
                }
                (Some(Value::Mixed(pieces)), "sourceRoot") => after_source(&pieces),
                (Some(Value::Text(text)), _) => Some(text),
                _ => None,
            };
            if let (Some(inside), Some(folder)) = (inside, &mut package.folder) {
                push_inside(folder, &inside);
            }
        }
    }

    /// The folder of the project that a value stands for; a package's is its own.
    fn folder_of(&self, lazy: &Lazy) -> Option<PathBuf> {
        let value = self.force(lazy);
        if let Value::Package(package) = value {
            return package.folder.clone();
        }
        self.as_path(&value).map(|path| path.to_path_buf())
    }

    /// A text with a hole for every part that is not text.
    pub(super) fn shell_text(&self, lazy: &Lazy) -> Option<String> {
        let mut pieces = Vec::new();
        match self.force(lazy) {
            value @ (Value::Text(_) | Value::Mixed(_)) => Self::pieces_of(&value, &mut pieces),
            _ => return None,
        }
        let text = shell(&pieces);
        self.spend(text.len() / 64).then_some(text)
    }

    /// A script: its last command, and the packages it names.
    fn read_script(&self, package: &mut Package, lazy: &Lazy) {
        let Some(place) = lazy.place() else { return };
        if let Some(text) = self.shell_text(lazy) {
            package.command = phases::last_command(&text).map(|words| (words, place));
        }
        self.read_contents(package, lazy);
    }

    /// An image's `Entrypoint` and `Cmd`, which Docker puts one after the other.
    fn read_image(&self, package: &mut Package, config: &Lazy) {
        let Value::Set(config) = self.force(config) else {
            return;
        };
        let mut words = Vec::new();
        let mut place = None;
        for name in ["Entrypoint", "entrypoint", "Cmd", "cmd"] {
            let Some(lazy) = config.attributes.get(name) else {
                continue;
            };
            if let Value::List(items) = self.force(lazy) {
                words.extend(items.iter().map(|item| self.word(item)));
                place = place.or_else(|| lazy.place());
            }
            self.read_contents(package, lazy);
        }
        if let Some(place) = place {
            package.command = phases::known_words(&words).map(|words| (words, place));
        }
    }

    /// One word of a command; holes for what is not known.
    fn word(&self, lazy: &Lazy) -> String {
        let mut pieces = Vec::new();
        Self::pieces_of(&self.force(lazy), &mut pieces);
        shell(&pieces)
    }

    /// The packages of a list, of a text, or the package itself.
    fn read_contents(&self, package: &mut Package, lazy: &Lazy) {
        let mut found = Vec::new();
        match self.force(lazy) {
            Value::List(items) => {
                for item in items.iter() {
                    packages_in(&self.force(item), &mut found);
                }
            }
            value => packages_in(&value, &mut found),
        }
        for one in found {
            let one = shallow(&one);
            let room = package.contents.len() < MOST_CONTENTS;
            if room && !package.contents.contains(&one) {
                package.contents.push(one);
            }
        }
    }
}

fn packages_in(value: &Value, found: &mut Vec<Rc<Package>>) {
    match value {
        Value::Package(package) => found.push(Rc::clone(package)),
        Value::Mixed(pieces) => {
            let packages = pieces.iter().filter_map(|piece| match piece {
                Piece::Package(package) => Some(Rc::clone(package)),
                _ => None,
            });
            found.extend(packages.take(MOST_CONTENTS));
        }
        _ => {}
    }
}

/// A package with what it holds, but not what that holds: nesting would double with each level.
fn shallow(package: &Package) -> Package {
    let mut package = package.clone();
    for inner in &mut package.contents {
        inner.contents.clear();
    }
    package
}

/// Pieces as shell text.
pub(super) fn shell(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Package(_) | Piece::Other => text.push(HOLE),
        }
    }
    text
}

/// `"${src.name}/web"`
fn after_source(pieces: &[Piece]) -> Option<Rc<str>> {
    match pieces {
        [Piece::Other, Piece::Text(rest)] => Some(Rc::from(rest.strip_prefix('/')?)),
        _ => None,
    }
}

/// Goes down into a folder; a path that leads out of it is not followed.
fn push_inside(folder: &mut PathBuf, inside: &str) {
    for component in Path::new(inside).components() {
        if let Component::Normal(name) = component {
            folder.push(name);
        }
    }
}
