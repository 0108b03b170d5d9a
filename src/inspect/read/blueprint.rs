//! blueprint: the outputs are what lies in the folders of the tree.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::SYSTEM;
use super::known::{Library, row};
use super::reader::Reader;
use super::value::{Lazy, Set, Value, Work};

/// blueprint's function.
pub(super) const ROWS: &[Library] = &[row("blueprint", 1, |r, _, a| match a.first() {
    Some(given) => r.blueprint(given),
    None => super::lists::incomplete(),
})];

/// Folders of files that each give one output, by the output's name.
const FOLDERS: &[(&str, &str, &str)] = &[
    ("packages", "packages", "package"),
    ("devshells", "devShells", "devshell"),
    ("checks", "checks", "check"),
    ("formatters", "formatter", "formatter"),
];

impl Reader {
    fn blueprint(&self, given: &Lazy) -> Value {
        let Value::Set(given) = self.force(given) else {
            return Value::unknown("what blueprint is given could not be followed");
        };
        let prefix = given.attributes.get("prefix").map(|it| self.force(it));
        let prefix = match prefix {
            None => PathBuf::new(),
            Some(Value::Text(text)) => match super::operators::below(Path::new(""), &text) {
                Value::Path(path) => path.to_path_buf(),
                _ => return Value::unknown("blueprint's prefix is outside the project"),
            },
            Some(value) => match self.as_path(&value) {
                Some(path) => path.to_path_buf(),
                None => return Value::unknown("blueprint's prefix is known only to Nix"),
            },
        };
        let inputs = given.attributes.get("inputs").cloned();
        let inputs = inputs.unwrap_or_else(|| Lazy::outside("inputs"));
        let knot = Lazy::knot(
            move |reader, itself| reader.folders(&prefix, &inputs, itself),
            given.attributes.get("inputs").and_then(Lazy::spot),
        );
        self.force(&knot)
    }

    fn folders(&self, prefix: &Path, inputs: &Lazy, itself: &Lazy) -> Value {
        let mut outputs = Set::default();
        for (folder, output, single) in FOLDERS {
            let mut found: Vec<(String, PathBuf)> = Vec::new();
            let listed = self.listing(&prefix.join(folder)).unwrap_or_default();
            for (name, kind) in listed {
                let path = prefix.join(folder).join(&name);
                match (kind, name.strip_suffix(".nix")) {
                    ("directory", _) if self.dir().join(&path).join("default.nix").is_file() => {
                        found.push((name, path));
                    }
                    ("regular" | "symlink", Some(stem)) => found.push((stem.to_owned(), path)),
                    _ => {}
                }
            }
            let single = prefix.join(format!("{single}.nix"));
            if self.dir().join(&single).is_file() {
                found.push(("default".to_owned(), single));
            }
            if found.is_empty() {
                continue;
            }
            let files = found.into_iter().map(|(name, path)| {
                let lazy = self.blueprint_file(&name, path, inputs, itself);
                (name, lazy)
            });
            let here = Value::set(files);
            let by_system = Value::set([(SYSTEM, Lazy::done(here))]);
            outputs
                .attributes
                .insert(Rc::from(*output), Lazy::done(by_system));
        }
        if outputs.attributes.is_empty() {
            outputs.open = Some(Rc::from(
                "blueprint makes the outputs from folders, and none of them is there",
            ));
        }
        Value::Set(Rc::new(outputs))
    }

    /// One file: a function of what blueprint hands out.
    fn blueprint_file(&self, name: &str, path: PathBuf, inputs: &Lazy, itself: &Lazy) -> Lazy {
        let per_system = per_system(itself);
        let mut arguments = Set::over(Rc::from([Rc::from("blueprint")]));
        for (key, value) in [
            ("pkgs", Lazy::outside("pkgs")),
            ("lib", Lazy::outside("lib")),
            ("pname", Lazy::text(name)),
            ("system", Lazy::text(SYSTEM)),
            ("inputs", inputs.clone()),
            (
                "flake",
                Lazy::new(Work::Select(inputs.clone(), Rc::from("self")), None),
            ),
            ("perSystem", per_system),
        ] {
            arguments.attributes.insert(Rc::from(key), value);
        }
        let arguments = Lazy::done(Value::Set(Rc::new(arguments)));
        let spot = Some(self.spot_of(&path));
        let work = move |reader: &Reader| match reader.open(&path) {
            Value::Function(function) => reader.enter(&function, arguments.clone()),
            other => other,
        };
        Lazy::new(Work::Do(Rc::new(work)), spot)
    }
}

/// `perSystem.self.x` is a package of the same flake, `perSystem.input.x` one of an input.
fn per_system(itself: &Lazy) -> Lazy {
    let itself = itself.clone();
    let own = Lazy::todo(move |reader| {
        let packages = reader.select(&reader.force(&itself), "packages");
        reader.select(&packages, SYSTEM)
    });
    let mut set = Set::over(Rc::from([Rc::from("perSystem")]));
    set.attributes.insert(Rc::from("self"), own);
    Lazy::done(Value::Set(Rc::new(set)))
}
