//! Reads a flake: its inputs, and the packages it has for a dyno's system.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::error::{Error, Result};
use crate::names::AttrPath;

use super::reader::Reader;
use super::value::{Beyond, Lazy, Package, Place, Set, Value};
use super::{Attribute, SYSTEM, apps, inputs, services};
use crate::inspect::lint::Lint;

/// What `flake.nix` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct FlakeReading {
    /// Names of its inputs, sorted.
    pub(in crate::inspect) inputs: Vec<String>,
    /// What stands under `packages.x86_64-linux` and `defaultPackage.x86_64-linux`.
    pub(in crate::inspect) attributes: Vec<Attribute>,
    /// Why there may be more than that.
    pub(in crate::inspect) open: Option<String>,
    /// What is wrong where packages should be.
    pub(in crate::inspect) missing: Option<Missing>,
    /// What stands under `apps.x86_64-linux`.
    pub(in crate::inspect) apps: Vec<App>,
    /// Services that its NixOS modules define.
    pub(in crate::inspect) services: Vec<Service>,
    /// Its inputs as they are declared, by name.
    pub(in crate::inspect) declared: Vec<Input>,
    /// `nixConfig`: settings that ask to be accepted, with their words.
    pub(in crate::inspect) nix_config: Vec<(String, Vec<String>, Place)>,
    /// What its files say beside their value.
    pub(in crate::inspect) lint: Lint,
}

/// `apps.SYSTEM.NAME`: a way to start a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct App {
    pub(in crate::inspect) name: String,
    /// The package whose program it starts, if that can be read.
    pub(in crate::inspect) package: Option<Package>,
    /// The program's file name, if it can be read.
    pub(in crate::inspect) program: Option<String>,
    pub(in crate::inspect) place: Option<Place>,
}

/// A systemd service of a NixOS module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct Service {
    /// `systemd.services.NAME`.
    pub(in crate::inspect) name: String,
    /// The program's file name in `ExecStart`.
    pub(in crate::inspect) program: String,
    /// The words after it, as far as they are known.
    pub(in crate::inspect) arguments: Vec<String>,
    /// The folder of its own package that it is started in: `WorkingDirectory = "${cfg.package}/share/web"`.
    pub(in crate::inspect) folder: Option<PathBuf>,
    /// The program is not the project's: nixpkgs' or an input's package holds it (`${pkgs.restic}/bin/…`), or
    /// it stands outside of the store. An option such as `cfg.package` counts as the project's.
    pub(in crate::inspect) foreign: bool,
    /// It runs to an end: `Type = "oneshot"`, `startAt`, or a timer of the same name starts it.
    pub(in crate::inspect) oneshot: bool,
    pub(in crate::inspect) place: Place,
}

/// A declared input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct Input {
    pub(in crate::inspect) name: String,
    /// Its URL, or the one put together from `type`, `owner`, `repo`; none for one that only stands as
    /// an argument of `outputs`, which Nix takes from the registry.
    pub(in crate::inspect) url: Option<String>,
    /// It follows another input.
    pub(in crate::inspect) follows: bool,
    pub(in crate::inspect) place: Option<Place>,
}

/// Why a flake has no package for a dyno.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) enum Missing {
    /// `packages.NAME = …` without the level of the system.
    System {
        /// The attribute that was found one level too high.
        name: String,
        /// Where.
        place: Option<Place>,
    },
    /// Packages for other systems only.
    OtherSystems(Vec<String>),
    /// No packages; these outputs are there.
    Packages(Vec<String>),
}

pub(super) fn read(dir: &Path, text: &str) -> Result<FlakeReading> {
    let path = Path::new("flake.nix");
    let reader = Reader::new(dir);
    let (expr, scope) = reader.root(path, text)?;
    let Value::Set(flake) = reader.evaluate(&expr, &scope) else {
        return Err(not_a_flake("its value is not an attribute set"));
    };
    if !flake.attributes.contains_key("outputs") {
        return Err(not_a_flake("it has no `outputs`"));
    }
    let declared = inputs::declared(&reader, &flake);
    let value = outputs(&reader, &flake, &declared, Path::new(""));
    let mut reading = outputs_of(&reader, &value);
    reading.inputs = declared.iter().map(|input| input.name.clone()).collect();
    reading.declared = declared;
    reading.nix_config = inputs::nix_config(&reader, &flake);
    reading.apps = apps::read(&reader, &value);
    reading.services = services::read(&reader, &value);
    reading.lint = reader.lint();
    Ok(reading)
}

fn not_a_flake(what: &str) -> Error {
    Error::user(
        "inspect/not-a-flake",
        format!("`flake.nix` is not a flake: {what}"),
        "write `{ inputs = { … }; outputs = { self, nixpkgs }: { packages.x86_64-linux.default = …; }; }`",
    )
    .at("flake.nix")
}

/// What a project gives to those who call flake-compat on it: its default package as `defaultNix`.
pub(super) fn compat(reader: &Reader, folder: &Path) -> Value {
    let Value::Set(flake) = reader.open(&folder.join("flake.nix")) else {
        return Value::unknown("there is no flake.nix that can be read");
    };
    let declared = inputs::declared(reader, &flake);
    let value = outputs(reader, &flake, &declared, folder);
    let pick = |first: &str, rest: &[&str]| {
        let mut found = reader.select(&value, first);
        for name in rest {
            found = reader.select(&found, name);
        }
        found
    };
    let default = [
        pick("packages", &[SYSTEM, "default"]),
        pick("defaultPackage", &[SYSTEM]),
    ];
    let default = default
        .into_iter()
        .find(|it| !matches!(it, Value::Unknown(_)));
    let shell = pick("devShells", &[SYSTEM, "default"]);
    Value::set([
        ("defaultNix", Lazy::done(default.unwrap_or(value))),
        ("shellNix", Lazy::done(shell)),
    ])
}

/// The value of `outputs`, where `self` is that very value.
fn outputs(reader: &Reader, flake: &Set, declared: &[Input], folder: &Path) -> Value {
    let Some(outputs) = flake.attributes.get("outputs") else {
        return Value::unknown("the flake has no `outputs`");
    };
    if !matches!(reader.force(outputs), Value::Function(_)) {
        return Value::unknown("`outputs` is not written as a function");
    }
    let names = declared.iter().map(|input| input.name.as_str());
    let inputs: Vec<_> = names
        .map(|name| (Rc::from(name), Lazy::outside(name)))
        .collect();
    let function = outputs.clone();
    let result = Lazy::knot(
        {
            let folder = folder.to_owned();
            move |reader, result| {
                let itself = itself(result, &inputs, &folder);
                let all = inputs.iter().cloned();
                let arguments = Value::set(all.chain([(Rc::from("self"), itself)]));
                reader.call(reader.force(&function), Lazy::done(arguments))
            }
        },
        outputs.spot(),
    );
    reader.force(&result)
}

/// `self`: the outputs, and what Nix adds to them.
fn itself(result: &Lazy, inputs: &[(Rc<str>, Lazy)], folder: &Path) -> Lazy {
    let (result, folder) = (result.clone(), folder.to_owned());
    let inputs = Lazy::done(Value::set(inputs.iter().cloned()));
    Lazy::todo(move |reader| {
        let value = reader.force(&result);
        let mut set = match &value {
            Value::Set(set) => Set::clone(set),
            Value::Unknown(because) => Set::open(Rc::clone(because)),
            _ => Set::open("the outputs come from outside"),
        };
        let git = || Lazy::done(Value::unknown("it is known only to git"));
        let path = Lazy::done(Value::path(&folder));
        for name in [
            "rev",
            "shortRev",
            "dirtyRev",
            "dirtyShortRev",
            "lastModifiedDate",
        ] {
            set.attributes.insert(Rc::from(name), git());
        }
        for (name, lazy) in [
            ("outPath", path),
            ("inputs", inputs.clone()),
            ("outputs", result.clone()),
            ("lastModified", Lazy::done(Value::Plain("a number"))),
        ] {
            set.attributes.insert(Rc::from(name), lazy);
        }
        Value::Set(Rc::new(set))
    })
}

fn outputs_of(reader: &Reader, value: &Value) -> FlakeReading {
    let mut reading = FlakeReading {
        inputs: Vec::new(),
        attributes: Vec::new(),
        open: None,
        missing: None,
        apps: Vec::new(),
        services: Vec::new(),
        declared: Vec::new(),
        nix_config: Vec::new(),
        lint: Lint::default(),
    };
    let Value::Set(outputs) = value else {
        reading.open = Some(match value {
            Value::Unknown(because) => because.to_string(),
            Value::Outside(names) => format!("`{}` makes the outputs", names.join(".")),
            _ => "`outputs` does not give a set that can be read".to_owned(),
        });
        return reading;
    };
    reading.open = why_open(outputs);
    // The name of `packages.SYSTEM.default` before Nix 2.7; still honoured, and still met.
    let legacy = outputs.attributes.get("defaultPackage");
    if let Some(Value::Set(systems)) = legacy.map(|systems| reader.force(systems))
        && let Some(lazy) = systems.attributes.get(SYSTEM)
    {
        let path = AttrPath::new(["defaultPackage", SYSTEM]);
        reading
            .attributes
            .extend(super::attribute(reader, path, lazy));
    }
    match outputs
        .attributes
        .get("packages")
        .map(|packages| reader.force(packages))
    {
        None if reading.open.is_none() && reading.attributes.is_empty() => {
            let names = outputs.attributes.keys().map(ToString::to_string).collect();
            reading.missing = Some(Missing::Packages(names));
        }
        None => {}
        Some(Value::Set(packages)) => packages_of(reader, &packages, &mut reading),
        Some(Value::Unknown(because)) => reading.open = Some(because.to_string()),
        Some(_) => reading.open = Some("`packages` comes from outside".to_owned()),
    }
    reading
}

/// What stands under `packages`.
fn packages_of(reader: &Reader, packages: &Set, reading: &mut FlakeReading) {
    if !packages.is_closed() {
        reading.open = why_open(packages);
    }
    match packages.attributes.get(SYSTEM).map(|set| reader.force(set)) {
        Some(Value::Set(set)) => {
            for (name, lazy) in &set.attributes {
                let path = AttrPath::new(["packages", SYSTEM, &**name]);
                reading
                    .attributes
                    .extend(super::attribute(reader, path, lazy));
            }
            if !set.is_closed() {
                reading.open = why_open(&set);
            }
            return;
        }
        Some(Value::Unknown(because)) => {
            reading.open = Some(because.to_string());
            return;
        }
        Some(_) => {
            reading.open = Some(format!("`packages.{SYSTEM}` comes from outside"));
            return;
        }
        None => {}
    }
    let forgotten = packages.attributes.iter().find(|(name, lazy)| {
        !is_system(name) && matches!(reader.force(lazy), Value::Package(_) | Value::Outside(_))
    });
    if let Some((name, lazy)) = forgotten {
        reading.missing = Some(Missing::System {
            name: name.to_string(),
            place: lazy.place(),
        });
    } else if reading.open.is_none() && reading.attributes.is_empty() {
        let systems: Vec<_> = packages
            .attributes
            .keys()
            .map(ToString::to_string)
            .collect();
        reading.missing = Some(Missing::OtherSystems(systems));
    }
}

/// Why a set may hold more than it lists.
pub(super) fn why_open(set: &Set) -> Option<String> {
    let because = set.open.as_ref().map(ToString::to_string);
    because.or_else(|| match &set.beyond {
        Some(Beyond::Outside(names)) => Some(format!("`{}` stands behind it", names.join("."))),
        Some(Beyond::Each(_)) => Some("a library makes attributes by name".to_owned()),
        None => None,
    })
}

/// Whether a name reads as a system, such as `aarch64-darwin`.
fn is_system(name: &str) -> bool {
    let kernels = [
        "linux", "darwin", "freebsd", "openbsd", "netbsd", "windows", "cygwin",
    ];
    name.split_once('-')
        .is_some_and(|(_, kernel)| kernels.contains(&kernel))
}
