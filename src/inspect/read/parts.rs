//! flake-parts: modules of the tree, `perSystem` for the one system, and `flake`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::SYSTEM;
use super::known::{Library, PROCESSES, row};
use super::lists::incomplete;
use super::reader::Reader;
use super::value::{Dotted, Lazy, Package, Set, Value, Work};

/// Modules that one flake may import.
const MOST_MODULES: usize = 200;
/// Files that `import-tree` may find.
const MOST_FILES: usize = 100;

/// flake-parts' function, and those that find its modules.
pub(super) const ROWS: &[Library] = &[
    row("mkFlake", 2, |r, _, a| match a {
        [given, module] => r.flake_parts(given, module),
        _ => incomplete(),
    }),
    row("import-tree", 1, import_tree),
];

/// All Nix files below a folder, as modules.
fn import_tree(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let folder = arguments.first().map(|it| reader.force(it));
    let Some(folder) = folder.and_then(|value| reader.as_path(&value)) else {
        return Value::unknown("modules are imported from a tree of the outside");
    };
    let mut found: Vec<PathBuf> = Vec::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(folder) = todo.pop() {
        for (name, kind) in reader.listing(&folder).unwrap_or_default() {
            // import-tree leaves out what starts with an underscore.
            if name.starts_with(['_', '.']) || found.len() + todo.len() > MOST_FILES {
                continue;
            }
            match kind {
                "directory" => todo.push(folder.join(name)),
                "regular" if Path::new(&name).extension().is_some_and(|it| it == "nix") => {
                    found.push(folder.join(name));
                }
                _ => {}
            }
        }
    }
    found.sort();
    let files = found.into_iter().map(|path| Lazy::done(Value::path(path)));
    let imports = Lazy::done(Value::list(files.collect()));
    Value::set([("imports", imports)])
}

/// The modules of one flake, gathered.
#[derive(Default)]
struct Modules {
    /// `perSystem` of each.
    per_system: Vec<Lazy>,
    /// `flake` of each.
    flake: Vec<Lazy>,
    systems: Option<Lazy>,
    /// Why there may be more.
    open: Option<Rc<str>>,
    seen: usize,
}

impl Reader {
    fn flake_parts(&self, given: &Lazy, module: &Lazy) -> Value {
        let arguments = self.module_arguments(given);
        let mut modules = Modules::default();
        self.gather(module, &arguments, &mut modules, 0);
        let mut outputs = Lazy::done(Value::Set(Rc::default()));
        if !modules.per_system.is_empty() {
            let parts = std::mem::take(&mut modules.per_system);
            let arguments = arguments.clone();
            let systems = modules.systems.take();
            let here = self.under_system(systems.as_ref(), move |_| {
                let knot = Lazy::knot(
                    move |reader, itself| reader.per_system(&parts, &arguments, itself),
                    None,
                );
                self.force(&knot)
            });
            outputs = Lazy::done(here);
        }
        for flake in &modules.flake {
            outputs = Lazy::done_at(self.update_deeply(&outputs, flake, 4), flake.spot());
        }
        match (self.force(&outputs), modules.open) {
            (Value::Set(set), Some(because)) => {
                let mut set = Set::clone(&set);
                set.open.get_or_insert(because);
                Value::Set(Rc::new(set))
            }
            (value, _) => value,
        }
    }

    /// What a top-level module gets: the given `inputs` with `self`, and the outside for the rest.
    fn module_arguments(&self, given: &Lazy) -> Set {
        let mut arguments = Set::over(Rc::from([Rc::from("flake-parts")]));
        let inputs = Lazy::new(Work::Select(given.clone(), Rc::from("inputs")), None);
        let itself = Lazy::new(Work::Select(inputs.clone(), Rc::from("self")), None);
        let special = match self.force(given) {
            Value::Set(given) => given.attributes.get("specialArgs").cloned(),
            _ => None,
        };
        if let Some(Value::Set(special)) = special.map(|it| self.force(&it)) {
            arguments.attributes.extend(special.attributes.clone());
        }
        for (name, value) in [
            ("inputs", inputs),
            ("self", itself),
            ("lib", Lazy::outside("lib")),
            ("withSystem", Lazy::outside("withSystem")),
        ] {
            arguments.attributes.insert(Rc::from(name), value);
        }
        arguments
    }

    /// A module and what it imports.
    fn gather(&self, module: &Lazy, arguments: &Set, modules: &mut Modules, depth: u8) {
        modules.seen += 1;
        let outside = || Rc::from("flake-parts modules are imported from elsewhere");
        if modules.seen > MOST_MODULES || depth > 20 {
            modules.open = Some(Rc::from("flake-parts modules import too many others"));
            return;
        }
        let Value::Set(module) = self.module(module, arguments) else {
            modules.open.get_or_insert_with(outside);
            return;
        };
        modules.open = modules.open.take().or_else(|| module.open.clone());
        modules
            .per_system
            .extend(module.attributes.get("perSystem").cloned());
        modules
            .flake
            .extend(module.attributes.get("flake").cloned());
        if let Some(systems) = module.attributes.get("systems") {
            modules.systems = Some(systems.clone());
        }
        // `config = { perSystem = …; }`
        if let Some(config) = module.attributes.get("config") {
            self.gather(config, arguments, modules, depth + 1);
        }
        let Some(imports) = module.attributes.get("imports") else {
            return;
        };
        match self.force(imports) {
            Value::List(imports) => {
                for import in imports.iter() {
                    self.gather(import, arguments, modules, depth + 1);
                }
            }
            Value::Unknown(because) => {
                modules.open.get_or_insert(because);
            }
            _ => {
                modules.open.get_or_insert_with(outside);
            }
        }
    }

    /// A module's set: the file's, and the function's result for the arguments.
    fn module(&self, module: &Lazy, arguments: &Set) -> Value {
        let value = self.force(module);
        let value = match self.as_path(&value) {
            Some(path) => self.open(&path),
            None => value,
        };
        match value {
            Value::Function(function) => {
                let arguments = Lazy::done(Value::Set(Rc::new(arguments.clone())));
                self.enter(&function, arguments)
            }
            other => other,
        }
    }

    /// All `perSystem` parts as one set; `itself` is that set.
    fn per_system(&self, parts: &[Lazy], outer: &Set, itself: &Lazy) -> Value {
        let mut arguments = outer.clone();
        let system = || Lazy::text(SYSTEM);
        for (name, value) in [
            ("config", itself.clone()),
            ("self'", itself.clone()),
            ("system", system()),
            ("inputs'", inputs_here(outer, itself)),
            ("pkgs", chosen_pkgs(itself)),
        ] {
            arguments.attributes.insert(Rc::from(name), value);
        }
        let mut all = Lazy::done(Value::Set(Rc::default()));
        for part in parts {
            let mut todo = vec![part.clone()];
            let mut seen = 0;
            while let Some(part) = todo.pop() {
                seen += 1;
                let value = self.module(&part, &arguments);
                if let (Value::Set(set), true) = (&value, seen < MOST_MODULES)
                    && let Some(imports) = set.attributes.get("imports")
                    && let Value::List(imports) = self.force(imports)
                {
                    todo.extend(imports.iter().cloned());
                }
                all = Lazy::done(self.update_deeply(&all, &Lazy::done(value), 3));
            }
        }
        match self.force(&all) {
            Value::Set(set) => self.with_processes(&set),
            other => other,
        }
    }

    /// process-compose-flake adds a package for each of its sets.
    fn with_processes(&self, set: &Rc<Set>) -> Value {
        let stacks = set
            .attributes
            .get("process-compose")
            .map(|it| self.force(it));
        let Some(Value::Set(stacks)) = stacks else {
            return Value::Set(Rc::clone(set));
        };
        let stacks = stacks.attributes.iter();
        let stacks: BTreeMap<Rc<str>, Lazy> = stacks
            .map(|(name, lazy)| {
                let mut package = Package::of("process-compose", &PROCESSES);
                package.name = Some(name.to_string());
                package.place = lazy.place();
                (
                    Rc::clone(name),
                    Lazy::done_at(Value::package(package), lazy.spot()),
                )
            })
            .collect();
        let packages = Lazy::done(Value::set(stacks));
        let more = Lazy::done(Value::set([("packages", packages)]));
        self.update_deeply(&more, &Lazy::done(Value::Set(Rc::clone(set))), 2)
    }
}

/// `inputs'`: of each input the attributes for this system.
fn inputs_here(outer: &Set, itself: &Lazy) -> Lazy {
    let inputs = outer.attributes.get("inputs").cloned();
    let itself = itself.clone();
    Lazy::todo(move |reader| {
        let mut here = match inputs.as_ref().map(|inputs| reader.force(inputs)) {
            Some(Value::Set(set)) => Set::clone(&set),
            _ => Set::over(Rc::from([Rc::from("inputs")])),
        };
        here.attributes.insert(Rc::from("self"), itself.clone());
        Value::Set(Rc::new(here))
    })
}

/// `pkgs`: what `_module.args.pkgs` says, or nixpkgs.
fn chosen_pkgs(itself: &Lazy) -> Lazy {
    let itself = itself.clone();
    Lazy::todo(move |reader| {
        let mut value = reader.force(&itself);
        for name in ["_module", "args", "pkgs"] {
            match &value {
                Value::Set(set) if set.attributes.contains_key(name) => {
                    value = reader.select(&value, name);
                }
                _ => return Value::outside(["pkgs"]),
            }
        }
        value
    })
}
