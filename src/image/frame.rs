//! The root of an image beside the store: `/app`, `/bin/sh`, users, certificates.
//!
//! The same root as our Dockerfile makes (`templates/partials/stage-root.j2`), so that an app runs alike whichever way
//! it went: as any user, with no promise of a home. Takes what was built; gives entries, sorted, and says where the
//! package has not what the processes start. Reads folders of the store, and no file.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::closure::StorePath;
use crate::error::{Error, Result};
use crate::plan::{Plan, RootKind};
use crate::programs;

use super::tree::{Entry, unreadable};

const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/app:/bin/sh\n";
const GROUP: &str = "root:x:0:\nnogroup:x:65534:\n";
const NSSWITCH: &str = "hosts: files dns\n";

/// `heroku ps:exec` comes in by this file.
const PS_EXEC: &str = "[ -n \"$SSH_CLIENT\" ] || [ -z \"$HEROKU_EXEC_URL\" ] || \
    source <(curl --fail --silent --show-error --location --retry 3 \"$HEROKU_EXEC_URL\")\n";

/// Where certificates are, below the image's root.
const CERTIFICATES: &str = "etc/ssl/certs/ca-bundle.crt";

/// What stands in an image beside the app's own packages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// What `/bin/sh` is: a program in the store.
    pub sh: PathBuf,
    /// What `/usr/bin/env` is.
    pub env: PathBuf,
    /// A bundle of certificates in the store, where there is one.
    pub certificates: Option<PathBuf>,
    /// Packages whose programs are in `/bin`, the first ones win.
    pub tools: Vec<StorePath>,
}

/// The outputs of the packages that were built: one list each, the chosen one first.
pub type Outputs = [Vec<StorePath>];

/// The root of what a plan builds.
///
/// Errors: `image/not-a-folder`, `image/which-program`, `image/no-such-program`, `image/unreadable`.
pub fn frame(plan: &Plan, root: &Path, built: &Outputs, beside: &Beside) -> Result<Vec<Entry>> {
    let store = Store { root };
    let outputs: Vec<&StorePath> = built.iter().flatten().collect();
    let app = store.app(&outputs)?;
    let mut tree = Tree::default();
    tree.app(&store, plan, app, &outputs)?;
    check(&store, plan, app, &tree)?;
    tree.link("bin/sh", &beside.sh);
    tree.link("usr/bin/env", &beside.env);
    tree.folder("tmp", 0o1777);
    tree.tools(&store, plan, &beside.tools)?;
    if plan.build.root.kind == RootKind::Exec {
        tree.put(Entry::made("app/.profile.d/heroku-exec.sh", PS_EXEC));
    }
    tree.put(Entry::made("etc/passwd", PASSWD));
    tree.put(Entry::made("etc/group", GROUP));
    tree.put(Entry::made("etc/nsswitch.conf", NSSWITCH));
    if let Some(bundle) = &beside.certificates {
        tree.link(CERTIFICATES, bundle);
        tree.link(
            "etc/ssl/certs/ca-certificates.crt",
            Path::new("ca-bundle.crt"),
        );
        let up = Path::new("../../../ssl/certs/ca-bundle.crt");
        tree.link("etc/pki/tls/certs/ca-bundle.crt", up);
    }
    Ok(tree.entries())
}

/// The variables of an image, as its config has them.
pub fn variables(plan: &Plan) -> Vec<String> {
    let certificates = format!("/{CERTIFICATES}");
    let own = [
        ("PATH", "/app/bin:/bin".to_owned()),
        ("HOME", "/app".to_owned()),
        ("SSL_CERT_FILE", certificates.clone()),
        ("NIX_SSL_CERT_FILE", certificates),
    ];
    let more = plan.build.root.variables();
    let more = more.map(|(name, path)| (name, format!("/usr/{path}")));
    own.into_iter()
        .chain(more)
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

/// The store of this machine.
struct Store<'a> {
    root: &'a Path,
}

impl Store<'_> {
    fn at(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.at(path).is_dir()
    }

    /// Names in a folder that a shell's `*` would give, sorted; none where there is no folder.
    fn names(&self, folder: &Path) -> Result<Vec<OsString>> {
        let here = self.at(folder);
        if !here.is_dir() {
            return Ok(Vec::new());
        }
        let read = || -> std::io::Result<Vec<OsString>> {
            fs_err::read_dir(&here)?
                .map(|entry| Ok(entry?.file_name()))
                .collect()
        };
        let mut names = read().map_err(|error| unreadable(&error))?;
        names.retain(|name| !name.as_encoded_bytes().starts_with(b"."));
        names.sort_unstable();
        Ok(names)
    }

    fn is_program(&self, path: &Path) -> bool {
        let found = fs_err::metadata(self.at(path));
        found.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
    }

    /// A package may have several outputs: the app is the first one with programs, or else the first one.
    fn app<'b>(&self, outputs: &[&'b StorePath]) -> Result<&'b StorePath> {
        let whole = |path: &StorePath| PathBuf::from(path.to_string());
        let with_programs = |path: &&&StorePath| self.is_folder(&whole(path).join("bin"));
        let app = outputs.iter().find(with_programs).or(outputs.first());
        let app = app.ok_or_else(|| Error::bug("image/nothing-built", "no output was built"))?;
        if !self.is_folder(&whole(app)) {
            return Err(programs::not_a_folder("image/not-a-folder", app));
        }
        Ok(app)
    }
}

/// Entries by their place. Whoever comes first keeps it.
#[derive(Default)]
struct Tree(BTreeMap<PathBuf, Entry>);

impl Tree {
    fn put(&mut self, entry: Entry) {
        let parents: Vec<PathBuf> = entry.path.ancestors().skip(1).map(Path::to_owned).collect();
        for parent in parents.into_iter().filter(|it| it != Path::new("")) {
            self.folder(&parent, 0o755);
        }
        self.0.entry(entry.path.clone()).or_insert(entry);
    }

    fn folder(&mut self, path: impl Into<PathBuf>, mode: u32) {
        let path = path.into();
        let entry = Entry::folder(&path, mode);
        self.0.entry(path).or_insert(entry);
    }

    fn link(&mut self, path: impl Into<PathBuf>, target: &Path) {
        self.put(Entry::link(path, target));
    }

    fn has(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    /// `/app` is a real folder with a stable name: its entries lead into the store. Several packages share one `bin`.
    fn app(
        &mut self,
        store: &Store<'_>,
        plan: &Plan,
        app: &StorePath,
        outputs: &[&StorePath],
    ) -> Result<()> {
        self.folder("app", 0o1777);
        let all: Vec<PathBuf> = std::iter::once(&app)
            .chain(outputs)
            .map(|path| PathBuf::from(path.to_string()))
            .collect();
        if !plan.build.also.is_empty() {
            self.folder("app/bin", 0o755);
            self.links(store, "app/bin", all.iter().map(|path| path.join("bin")))?;
        }
        self.links(store, "app", all)
    }

    /// Links to all that is in some folders of the store.
    fn links(
        &mut self,
        store: &Store<'_>,
        place: &str,
        folders: impl IntoIterator<Item = PathBuf>,
    ) -> Result<()> {
        for folder in folders {
            for name in store.names(&folder)? {
                let path = Path::new(place).join(&name);
                if !self.has(&path) {
                    self.link(path, &folder.join(&name));
                }
            }
        }
        Ok(())
    }

    /// What packages beside the app bring: programs, time zones, locales, names of protocols and services.
    fn tools(&mut self, store: &Store<'_>, plan: &Plan, tools: &[StorePath]) -> Result<()> {
        if tools.is_empty() {
            return Ok(());
        }
        self.folder("usr/share", 0o755);
        let variables = plan.build.root.variables();
        let locales = variables
            .into_iter()
            .any(|(name, _)| name == "LOCALE_ARCHIVE");
        for tool in tools {
            let tool = PathBuf::from(tool.to_string());
            self.links(store, "bin", [tool.join("bin")])?;
            let mut brings = vec![
                ("usr/share/zoneinfo", "share/zoneinfo"),
                ("etc/protocols", "etc/protocols"),
                ("etc/services", "etc/services"),
            ];
            if locales {
                let archive = "lib/locale/locale-archive";
                brings.push(("usr/lib/locale/locale-archive", archive));
            }
            for (place, inside) in brings {
                let inside = tool.join(inside);
                if store.at(&inside).exists() {
                    self.link(place, &inside);
                }
            }
        }
        Ok(())
    }

    fn entries(self) -> Vec<Entry> {
        self.0.into_values().collect()
    }
}

/// The programs that the processes name must be there.
fn check(store: &Store<'_>, plan: &Plan, app: &StorePath, tree: &Tree) -> Result<()> {
    let bin = PathBuf::from(app.to_string()).join("bin");
    // Several packages' programs are links of ours.
    let several = !plan.build.also.is_empty();
    let names: Vec<OsString> = if several {
        let all = tree.0.keys();
        all.filter(|path| path.parent() == Some(Path::new("app/bin")))
            .filter_map(|path| Some(path.file_name()?.to_owned()))
            .collect()
    } else {
        store.names(&bin)?
    };
    let there = |name: &str| {
        if several {
            tree.has(&Path::new("app/bin").join(name))
        } else {
            store.is_program(&bin.join(name))
        }
    };
    let names: Vec<String> = names
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for process in plan.processes.values() {
        if process.command.is_only_program() {
            let one = names.first().filter(|name| names.len() == 1 && there(name));
            if one.is_none() {
                return Err(programs::which_program("image/which-program", &names));
            }
        }
        let words = process.command.cmd_words();
        let stated = words
            .first()
            .and_then(|word| word.strip_prefix("/app/bin/"));
        let stated = stated.filter(|name| !name.is_empty() && !name.contains('/'));
        if let Some(name) = stated.filter(|name| !there(name)) {
            let id = "image/no-such-program";
            return Err(programs::no_such_program(id, name, &names));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
