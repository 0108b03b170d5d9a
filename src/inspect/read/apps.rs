//! `apps.SYSTEM.NAME`: the flake's own ways to start its packages.

use super::SYSTEM;
use super::build::shell;
use super::flake::App;
use super::phases;
use super::reader::Reader;
use super::value::{Lazy, Package, Piece, Value};

/// What stands under `apps` and `defaultApp` for a dyno's system, sorted by name.
pub(super) fn read(reader: &Reader, outputs: &Value) -> Vec<App> {
    let Value::Set(outputs) = outputs else {
        return Vec::new();
    };
    let of_system = |name: &str| {
        let systems = reader.force(outputs.attributes.get(name)?);
        match systems {
            Value::Set(systems) => systems.attributes.get(SYSTEM).cloned(),
            _ => None,
        }
    };
    let mut apps = Vec::new();
    if let Some(lazy) = of_system("defaultApp") {
        apps.push(app(reader, "default", &lazy));
    }
    if let Some(Value::Set(set)) = of_system("apps").map(|set| reader.force(&set)) {
        let named = set.attributes.iter();
        apps.extend(named.map(|(name, lazy)| app(reader, name, lazy)));
    }
    apps.sort_by(|a, b| a.name.cmp(&b.name));
    apps
}

fn app(reader: &Reader, name: &str, lazy: &Lazy) -> App {
    let mut app = App {
        name: name.to_owned(),
        package: None,
        program: None,
        place: lazy.place(),
    };
    let value = reader.force(lazy);
    let Value::Set(set) = &value else {
        if let Value::Package(package) = value {
            app.program = package.program.as_ref().map(|(name, _)| name.clone());
            app.package = Some(Package::clone(&package));
        }
        return app;
    };
    let of = |name: &str| set.attributes.get(name).map(|it| reader.force(it));
    // flake-utils' mkApp
    if let Some(Value::Package(package)) = of("drv") {
        app.program = package.program.as_ref().map(|(name, _)| name.clone());
        app.package = Some(Package::clone(&package));
    }
    match of("exePath").or_else(|| of("name")) {
        Some(Value::Text(text)) if app.package.is_some() => app.program = last(&text),
        _ => {}
    }
    match of("program") {
        Some(Value::Text(text)) => app.program = last(&text),
        Some(Value::Package(package)) => app.package = Some(Package::clone(&package)),
        Some(Value::Mixed(pieces)) => {
            app.package = pieces.iter().find_map(|piece| match piece {
                Piece::Package(package) => Some(Package::clone(package)),
                _ => None,
            });
            let words = phases::known_words(&[shell(&pieces)]);
            app.program = words.and_then(|words| words.into_iter().next());
        }
        _ => {}
    }
    app
}

fn last(text: &str) -> Option<String> {
    let last = text.rsplit('/').next().filter(|last| !last.is_empty());
    last.map(str::to_owned)
}
