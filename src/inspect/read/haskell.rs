//! haskell.nix: executables by the project's cabal files.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::known::{HASKELL_EXE, Library, row};
use super::lists::incomplete;
use super::reader::Reader;
use super::scope::Spot;
use super::value::{Beyond, Dotted, Lazy, Package, Set, Value};

/// haskell.nix's functions.
pub(super) const ROWS: &[Library] = &[
    row("project", 1, project),
    row("project'", 1, project),
    row("cabalProject", 1, project),
    row("cabalProject'", 1, project),
    row("stackProject", 1, project),
    row("stackProject'", 1, project),
];

/// A cabal file: the package's name, and its executables with their lines.
struct Cabal {
    name: String,
    folder: PathBuf,
    executables: Vec<(String, Spot)>,
}

/// A project: `hsPkgs.PACKAGE.components.exes.NAME`, and `flake` with `packages."PACKAGE:exe:NAME"`.
fn project(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let given = match arguments.first().map(|it| reader.force(it)) {
        Some(Value::Function(function)) => reader.enter(&function, Lazy::outside("haskell-nix")),
        Some(value) => value,
        None => return incomplete(),
    };
    let source = reader.select(&given, "src");
    let Some(folder) = reader.as_path(&source) else {
        return Value::unknown("the folder of the Haskell project is not said");
    };
    let spot = arguments.first().and_then(Lazy::spot);
    let mut packages = Set::default();
    let mut outputs = Set {
        // Libraries, tests and benchmarks are there, too.
        beyond: Some(Beyond::Each(Rc::new(by_flake_name))),
        ..Set::default()
    };
    for cabal in reader.cabals(&folder) {
        let mut executables = Set::default();
        for (name, line) in &cabal.executables {
            let lazy = Lazy::done_at(
                executable(name, &cabal, line, spot.as_ref()),
                Some(line.clone()),
            );
            let flake_name = format!("{}:exe:{name}", cabal.name);
            outputs
                .attributes
                .insert(Rc::from(flake_name), lazy.clone());
            executables.attributes.insert(Rc::from(name.as_str()), lazy);
        }
        let executables = Lazy::done(Value::Set(Rc::new(executables)));
        let components = Lazy::done(Value::set([("exes", executables)]));
        let package = Lazy::done_at(Value::set([("components", components)]), spot.clone());
        packages.attributes.insert(Rc::from(cabal.name), package);
    }
    let mut whole = packages.clone();
    whole.open = Some(Rc::from("haskell.nix makes more attributes"));
    packages.open = Some(Rc::from("haskell.nix knows packages of the outside, too"));
    let outputs = Lazy::done(Value::Set(Rc::new(outputs)));
    let flake = Value::set([("packages", outputs.clone()), ("apps", outputs)]);
    let flake = super::value::Waiting {
        names: Rc::from([Rc::from("const")]),
        wants: 2,
        arguments: vec![Lazy::done(flake)],
    };
    for (name, value) in [
        ("hsPkgs", Lazy::done_at(Value::Set(Rc::new(packages)), spot)),
        ("flake", Lazy::done(Value::Waiting(Rc::new(flake)))),
    ] {
        whole.attributes.insert(Rc::from(name), value);
    }
    Value::Set(Rc::new(whole))
}

fn executable(name: &str, cabal: &Cabal, line: &Spot, call: Option<&Spot>) -> Value {
    let mut package = Package::of("haskell.nix", &HASKELL_EXE);
    package.name = Some(cabal.name.clone());
    package.program = Some((name.to_owned(), line.place()));
    package.folder = Some(cabal.folder.clone());
    package.place = call.map(Spot::place);
    Value::package(package)
}

/// `"package:exe:name"`, also where the cabal file could not be found.
fn by_flake_name(name: &str) -> Value {
    let mut parts = name.split(':');
    match (parts.next(), parts.next()) {
        (Some(first), Some("exe")) => {
            let mut package = Package::of("haskell.nix", &HASKELL_EXE);
            package.name = Some(first.to_owned());
            Value::package(package)
        }
        _ => Value::unknown(format!("`{name}` is known only to haskell.nix")),
    }
}

impl Reader {
    /// The cabal files of a folder and of the folders in it.
    fn cabals(&self, folder: &Path) -> Vec<Cabal> {
        let mut found = Vec::new();
        let listed = self.listing(folder).unwrap_or_default();
        for (name, kind) in &listed {
            match *kind {
                "regular" if is_cabal(name) => found.extend(self.cabal(folder, name)),
                "directory" if !name.starts_with('.') => {
                    let inner = folder.join(name);
                    let names = self.listing(&inner).unwrap_or_default();
                    let names = names
                        .iter()
                        .filter(|(name, kind)| *kind == "regular" && is_cabal(name));
                    found.extend(names.filter_map(|(name, _)| self.cabal(&inner, name)));
                }
                _ => {}
            }
        }
        found
    }

    fn cabal(&self, folder: &Path, name: &str) -> Option<Cabal> {
        let path = folder.join(name);
        let text = self.text_of(&path).ok()?;
        if !self.spend(text.len() / 256) {
            return None;
        }
        let stem = name.strip_suffix(".cabal").unwrap_or(name);
        let mut cabal = Cabal {
            name: stem.to_owned(),
            folder: folder.to_owned(),
            executables: Vec::new(),
        };
        let mut offset = 0;
        let file = super::value::SourceFile::new(path, text.clone());
        let scope = super::value::Scope::of_file(Rc::new(file));
        for line in text.split_inclusive('\n') {
            let lower = line.to_lowercase();
            if lower.starts_with("name:") {
                line.get(5..)
                    .unwrap_or_default()
                    .trim()
                    .clone_into(&mut cabal.name);
            }
            if lower.starts_with("executable ") {
                let name = line.get(11..).unwrap_or_default().trim();
                cabal
                    .executables
                    .push((name.to_owned(), scope.spot(offset)));
            }
            offset += line.len();
        }
        Some(cabal)
    }
}

fn is_cabal(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|it| it == "cabal")
}
