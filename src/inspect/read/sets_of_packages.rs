//! Libraries that make a whole set of packages from a manifest: opam-nix, crate2nix, cargo2nix, dream2nix.

use std::rc::Rc;

use super::known::{Builder, CRATE, DREAM, Library, OPAM, row};
use super::lists::{incomplete, list};
use super::reader::Reader;
use super::value::{Beyond, Dotted, Lazy, Package, Place, Set, Value};

/// Functions that give a set of packages.
pub(super) const ROWS: &[Library] = &[
    row("buildOpamProject", 4, |r, _, a| opam(r, a.get(1), a.get(2))),
    row("buildOpamProject'", 3, |r, _, a| opam(r, None, a.get(1))),
    row("buildDuneProject", 4, |r, _, a| opam(r, a.get(1), a.get(2))),
    row("buildOpamMonorepo", 3, |r, _, a| opam(r, None, a.get(1))),
    row("makePackageSet", 1, |_, _, a| cargo2nix(a)),
    row("makePackageSet'", 1, |_, _, a| cargo2nix(a)),
    row("appliedCargoNix", 1, |r, _, a| r.applied_cargo_nix(a)),
    row("loadWorkspace", 1, load_workspace),
    row("crateNameFromCargoToml", 1, crate_name),
    row("evalModules", 1, dream),
];

/// A set in which every name is a package of this builder.
fn each(
    builder: &'static Builder,
    folder: Option<std::path::PathBuf>,
    place: Option<Place>,
) -> Set {
    let make = move |name: &str| {
        let mut package = Package::of(builder.name, builder);
        package.name = Some(name.to_owned());
        package.folder.clone_from(&folder);
        package.place.clone_from(&place);
        Value::package(package)
    };
    Set {
        beyond: Some(Beyond::Each(Rc::new(make))),
        ..Set::default()
    }
}

/// opam-nix: a scope with the project's package in it.
fn opam(reader: &Reader, name: Option<&Lazy>, source: Option<&Lazy>) -> Value {
    let folder = source.map(|it| reader.force(it));
    let folder = folder.and_then(|it| reader.as_path(&it));
    let folder = folder.map(|it| it.to_path_buf());
    let place = source.and_then(Lazy::place);
    let mut set = each(&OPAM, folder.clone(), place.clone());
    if let Some(Value::Text(name)) = name.map(|it| reader.force(it))
        && let Some(Beyond::Each(make)) = &set.beyond
    {
        let package = Lazy::done_at(make(&name), source.and_then(Lazy::spot));
        set.attributes.insert(name, package);
    }
    // `scope.overrideScope (final: prev: { … })` is the same scope.
    let whole = Lazy::done(Value::Set(Rc::new(set.clone())));
    for name in ["overrideScope", "overrideScope'"] {
        let same = super::value::Waiting {
            names: Rc::from([Rc::from("const")]),
            wants: 2,
            arguments: vec![whole.clone()],
        };
        let same = Lazy::done(Value::Waiting(Rc::new(same)));
        set.attributes.insert(Rc::from(name), same);
    }
    Value::Set(Rc::new(set))
}

/// uv2nix: `deps.default` and its like stand for the project in the workspace's root.
fn load_workspace(reader: &Reader, names: &Dotted, arguments: &[Lazy]) -> Value {
    let given = arguments.first().map(|it| reader.force(it));
    let root = given.map(|it| reader.select(&it, "workspaceRoot"));
    let Some(root) = root.and_then(|it| reader.as_path(&it)) else {
        return Value::Outside(Rc::clone(names));
    };
    let every = move |_: &str| Value::set([("outPath", Lazy::done(Value::path(&root)))]);
    let deps = Set {
        beyond: Some(Beyond::Each(Rc::new(every))),
        ..Set::default()
    };
    let mut workspace = Set::over(Rc::clone(names));
    let deps = Lazy::done(Value::Set(Rc::new(deps)));
    workspace.attributes.insert(Rc::from("deps"), deps);
    Value::Set(Rc::new(workspace))
}

/// cargo2nix: `workspace.NAME { }`
fn cargo2nix(arguments: &[Lazy]) -> Value {
    let place = arguments.first().and_then(Lazy::place);
    let workspace = Lazy::done(Value::Set(Rc::new(each(&CRATE, None, place))));
    Value::set([("workspace", workspace)])
}

/// crane: `pname` and `version` of a Cargo.toml.
fn crate_name(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let Some(Value::Set(given)) = arguments.first().map(|it| reader.force(it)) else {
        return incomplete();
    };
    let path = |name: &str| {
        let value = reader.force(given.attributes.get(name)?);
        reader.as_path(&value).map(|path| path.to_path_buf())
    };
    let file = path("cargoToml").and_then(|file| file.parent().map(std::path::Path::to_owned));
    let manifest = file
        .or_else(|| path("src"))
        .and_then(|folder| reader.manifest(&folder));
    let text = |name: &str| {
        let package = manifest.as_ref()?.get("package")?;
        package.get(name)?.as_str().map(Lazy::text)
    };
    let unknown = || {
        Lazy::done(Value::unknown(
            "the name stands in no Cargo.toml that was read",
        ))
    };
    Value::set([
        ("pname", text("name").unwrap_or_else(unknown)),
        ("version", text("version").unwrap_or_else(unknown)),
    ])
}

/// dream2nix: a package by its modules, which say its name and, by what they import, its language.
fn dream(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let Some(Value::Set(given)) = arguments.first().map(|it| reader.force(it)) else {
        return incomplete();
    };
    let mut words = String::new();
    let mut package = Package::of("dream2nix", &DREAM[3]);
    package.place = arguments.first().and_then(Lazy::place);
    let modules = list(reader, given.attributes.get("modules")).unwrap_or_default();
    let mut todo: Vec<Lazy> = modules.iter().rev().cloned().collect();
    let mut seen = 0;
    while let Some(module) = todo.pop() {
        seen += 1;
        if seen > 50 {
            break;
        }
        let value = reader.force(&module);
        let value = match reader.as_path(&value) {
            Some(path) => reader.open(&path),
            None => value,
        };
        let set = match value {
            Value::Function(function) => {
                let outside = Value::Set(Rc::new(Set::over(Rc::from([Rc::from("dream2nix")]))));
                match reader.enter(&function, Lazy::done(outside)) {
                    Value::Set(set) => set,
                    _ => continue,
                }
            }
            Value::Set(set) => set,
            Value::Outside(names) => {
                words.push_str(&names.join("."));
                continue;
            }
            _ => continue,
        };
        todo.extend(
            list(reader, set.attributes.get("imports"))
                .unwrap_or_default()
                .iter()
                .cloned(),
        );
        reader.read_module(&mut package, &set);
    }
    let language = [("nodejs", 0), ("pip", 1), ("rust", 2)];
    let language = language.iter().find(|(word, _)| words.contains(word));
    package.builder = language
        .and_then(|(_, at)| DREAM.get(*at))
        .unwrap_or(&DREAM[3]);
    Value::package(package)
}

impl Reader {
    fn read_module(&self, package: &mut Package, set: &Set) {
        self.read_changes(package, set);
        if let Some(Value::Set(inner)) = set.attributes.get("mkDerivation").map(|it| self.force(it))
        {
            self.read_changes(package, &inner);
        }
        if let Some(Value::Set(paths)) = set.attributes.get("paths").map(|it| self.force(it))
            && let Some(folder) = paths.attributes.get("package").map(|it| self.force(it))
            && let (Some(folder), None) = (self.as_path(&folder), &package.folder)
        {
            package.folder = Some(folder.to_path_buf());
        }
    }

    fn applied_cargo_nix(&self, arguments: &[Lazy]) -> Value {
        let source = arguments.first().map(|it| self.force(it));
        let folder = source.map(|it| self.select(&it, "src"));
        let folder = folder.and_then(|it| self.as_path(&it));
        let place = arguments.first().and_then(Lazy::place);
        self.cargo_nix(
            &folder.unwrap_or_else(|| Rc::from(std::path::Path::new(""))),
            place,
        )
    }

    /// crate2nix's Cargo.nix: `rootCrate.build` and `workspaceMembers.NAME.build`. The file itself lists
    /// every crate of the lock, and says nothing that the manifest beside it doesn't.
    pub(super) fn cargo_nix(&self, folder: &std::path::Path, place: Option<Place>) -> Value {
        let manifest = self.manifest(folder);
        let name =
            manifest.and_then(|it| Some(it.get("package")?.get("name")?.as_str()?.to_owned()));
        let build = |name: Option<String>, place: Option<Place>| {
            let mut package = Package::of("crate2nix", &CRATE);
            package.name = name;
            package.folder = Some(folder.to_owned());
            package.place = place;
            Value::set([("build", Lazy::done(Value::package(package)))])
        };
        let root = build(name, place.clone());
        let folder = folder.to_owned();
        let member = move |name: &str| {
            let mut package = Package::of("crate2nix", &CRATE);
            package.name = Some(name.to_owned());
            package.folder = Some(folder.clone());
            package.place.clone_from(&place);
            Value::set([("build", Lazy::done(Value::package(package)))])
        };
        let members = Set {
            beyond: Some(Beyond::Each(Rc::new(member))),
            ..Set::default()
        };
        let mut whole = Set {
            beyond: Some(Beyond::Each(Rc::new(|name| {
                Value::unknown(format!("`{name}` is known only to crate2nix"))
            }))),
            ..Set::default()
        };
        for (name, value) in [
            ("rootCrate", root),
            ("workspaceMembers", Value::Set(Rc::new(members))),
        ] {
            whole.attributes.insert(Rc::from(name), Lazy::done(value));
        }
        Value::Set(Rc::new(whole))
    }
}
