//! Reads a flake: its inputs, and the packages it has for a dyno's system.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use crate::error::{Error, Result};
use crate::names::AttrPath;

use super::reader::Reader;
use super::value::{Cell, Lazy, Package, Place, Set, State, Value, Work};
use super::{Attribute, SYSTEM};
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
    /// Names of the variables in `environment`, sorted.
    pub(in crate::inspect) environment: Vec<String>,
    /// `WorkingDirectory`, if it is known.
    pub(in crate::inspect) working_directory: Option<String>,
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
    let Some(outputs) = flake.attributes.get("outputs") else {
        return Err(not_a_flake("it has no `outputs`"));
    };
    let function = reader.force(outputs);
    let inputs = inputs(&reader, &flake, &function);
    let value = call_outputs(&reader, function, &inputs, outputs);
    let mut reading = outputs_of(&reader, &value);
    reading.inputs = inputs.into_iter().collect();
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

/// Declared inputs, and those that only stand as arguments of `outputs`.
fn inputs(reader: &Reader, flake: &Set, function: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Some(inputs) = flake.attributes.get("inputs")
        && let Value::Set(inputs) = reader.force(inputs)
    {
        names.extend(inputs.attributes.keys().cloned());
    }
    if let Value::Function(function) = function {
        names.extend(Reader::argument_names(function));
    }
    names.remove("self");
    names
}

/// The value of `outputs`, where `self` is that very value.
fn call_outputs(
    reader: &Reader,
    function: Value,
    inputs: &BTreeSet<String>,
    outputs: &Lazy,
) -> Value {
    if !matches!(function, Value::Function(_)) {
        return Value::unknown("`outputs` is not written as a function");
    }
    let itself = Lazy(Rc::new(Cell {
        state: State::Busy.into(),
        place: outputs.place().cloned(),
    }));
    let outside = |name: &String| (name.clone(), Lazy::done(Value::Outside(vec![name.clone()])));
    let all = inputs.iter().map(outside);
    let arguments = Value::set(all.chain([("self".to_owned(), itself.clone())]));
    let work = Work::Call(function, vec![Lazy::done(arguments)]);
    *itself.0.state.borrow_mut() = State::Todo(work);
    reader.force(&itself)
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
            Value::Unknown(because) => because.clone(),
            Value::Outside(names) => format!("`{}` makes the outputs", names.join(".")),
            _ => "`outputs` does not give a set that can be read".to_owned(),
        });
        return reading;
    };
    reading.open.clone_from(&outputs.open);
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
            let names = outputs.attributes.keys().cloned().collect();
            reading.missing = Some(Missing::Packages(names));
        }
        None => {}
        Some(Value::Set(packages)) => packages_of(reader, &packages, &mut reading),
        Some(Value::Unknown(because)) => reading.open = Some(because),
        Some(_) => reading.open = Some("`packages` comes from outside".to_owned()),
    }
    reading
}

/// What stands under `packages`.
fn packages_of(reader: &Reader, packages: &Set, reading: &mut FlakeReading) {
    if packages.open.is_some() {
        reading.open.clone_from(&packages.open);
    }
    match packages.attributes.get(SYSTEM).map(|set| reader.force(set)) {
        Some(Value::Set(set)) => {
            for (name, lazy) in &set.attributes {
                let path = AttrPath::new(["packages", SYSTEM, name.as_str()]);
                reading
                    .attributes
                    .extend(super::attribute(reader, path, lazy));
            }
            if set.open.is_some() {
                reading.open.clone_from(&set.open);
            }
            return;
        }
        Some(Value::Unknown(because)) => {
            reading.open = Some(because);
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
            name: name.clone(),
            place: lazy.place().cloned(),
        });
    } else if reading.open.is_none() && reading.attributes.is_empty() {
        let systems: Vec<_> = packages.attributes.keys().cloned().collect();
        reading.missing = Some(Missing::OtherSystems(systems));
    }
}

/// Whether a name reads as a system, such as `aarch64-darwin`.
fn is_system(name: &str) -> bool {
    let kernels = [
        "linux", "darwin", "freebsd", "openbsd", "netbsd", "windows", "cygwin",
    ];
    name.split_once('-')
        .is_some_and(|(_, kernel)| kernels.contains(&kernel))
}
