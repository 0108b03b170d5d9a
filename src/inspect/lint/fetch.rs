//! Sources that a file fetches by itself: what they are pinned to, and where nothing pins them.
//!
//! Takes a call of a fetcher; gives a [`Pin`] or the warning `inspect/unpinned`. Only what Nix code comes
//! from: a package's own `src` is fetched when it is built, and is no pin of the build's inputs.

use std::collections::BTreeSet;

use rnix::SyntaxNode;
use rnix::ast::{self, Expr, InterpolPart};
use rowan::ast::AstNode;

use super::super::project::{Pin, Warning};
use super::address::{Place, is_release, is_revision, revision_in};
use super::text::{attribute, bound_to, inherits, last_name, plain};
use super::{Lint, Parsed, Sheet};

/// A function that fetches.
struct Fetcher {
    name: &'static str,
    /// The kind of its pins, as a lock file calls it.
    kind: &'static str,
    /// Nix itself has it, so it needs no nixpkgs: what it fetches is meant to be imported.
    builtin: bool,
    /// Where a name of its arguments says the host of `owner` and `repo`.
    host: Option<&'static str>,
}

const fn row(name: &'static str, kind: &'static str, builtin: bool) -> Fetcher {
    Fetcher {
        name,
        kind,
        builtin,
        host: None,
    }
}

const fn forge(name: &'static str, kind: &'static str, host: &'static str) -> Fetcher {
    Fetcher {
        name,
        kind,
        builtin: false,
        host: Some(host),
    }
}

const FETCHERS: &[Fetcher] = &[
    row("fetchTarball", "tarball", true),
    row("fetchGit", "git", true),
    row("fetchTree", "tree", true),
    row("fetchzip", "tarball", false),
    row("fetchgit", "git", false),
    forge("fetchFromGitHub", "github", "https://github.com"),
    forge("fetchFromGitLab", "gitlab", "https://gitlab.com"),
];

/// Names under which a package keeps its own sources.
const OWN_SOURCES: &[&str] = &["src", "source", "srcs"];

/// The names that are imported somewhere in the first nodes of the files.
pub(super) fn imported(files: &[Parsed<'_>], most: usize) -> BTreeSet<String> {
    let nodes = files
        .iter()
        .flat_map(|file| file.expr.syntax().descendants());
    let calls = nodes.take(most).filter_map(ast::Apply::cast);
    let imports = calls.filter(|it| {
        it.lambda()
            .and_then(|it| last_name(&it))
            .is_some_and(|it| is_import(&it))
    });
    imports
        .filter_map(|it| it.argument())
        .filter_map(|it| start_of(&it))
        .filter_map(|it| last_name(&it))
        .collect()
}

fn is_import(name: &str) -> bool {
    ["import", "callPackage", "scopedImport"].contains(&name)
}

/// What a path begins with: `x` of `x`, `x + "/y"` and `"${x}/y"`.
pub(super) fn start_of(path: &Expr) -> Option<Expr> {
    match plain(path)? {
        Expr::BinOp(it) => plain(&it.lhs()?),
        Expr::Str(it) => match it.parts().next()? {
            InterpolPart::Interpolation(it) => plain(&it.expr()?),
            InterpolPart::Literal(_) => None,
        },
        other => Some(other),
    }
}

/// Looks at one node.
pub(super) fn look(
    sheet: &Sheet<'_>,
    node: &SyntaxNode,
    imported: &BTreeSet<String>,
    to: &mut Lint,
) {
    let Some(call) = ast::Apply::cast(node.clone()) else {
        return;
    };
    let Some(name) = call.lambda().and_then(|it| last_name(&it)) else {
        return;
    };
    let Some(fetcher) = FETCHERS.iter().find(|it| it.name == name) else {
        return;
    };
    let Some(argument) = call.argument().and_then(|it| plain(&it)) else {
        return;
    };
    let bound = bound_to(node);
    let inline = is_imported(node);
    let used = match &bound {
        _ if inline => true,
        Some(name) if OWN_SOURCES.contains(&name.as_str()) => false,
        Some(name) => fetcher.builtin || imported.contains(name),
        None => fetcher.builtin,
    };
    if !used {
        return;
    }
    let Some(fetch) = Fetch::of(sheet, fetcher, &argument) else {
        return;
    };
    let name = bound.filter(|_| !inline).unwrap_or_else(|| fetch.name());
    // It is pinned by flake.lock, and told of there.
    if name == "flake-compat" && !fetch.whole {
        return;
    }
    let source = sheet.source(node);
    if fetch.pinned() {
        to.pins.push(Pin {
            name,
            kind: fetcher.kind.to_owned(),
            revision: fetch.revision,
            url: (fetch.whole && fetcher.kind == "tarball").then_some(fetch.url),
            nar_hash: fetch.hash.filter(|hash| hash.starts_with("sha256-")),
            path: None,
            source,
        });
    } else {
        to.warnings.push(fetch.unpinned(&name).at(source));
    }
}

/// Whether the call stands where a file is imported: `import (fetchTarball …) { }`.
fn is_imported(node: &SyntaxNode) -> bool {
    let mut node = node.clone();
    // Brackets, a text with the call in it, `+ "/path"`, the end of a `let`: all still what is imported.
    for _ in 0..8 {
        let Some(parent) = node.parent() else {
            return false;
        };
        if let Some(call) = ast::Apply::cast(parent.clone()) {
            let function = call.lambda();
            let is_argument = function.as_ref().is_some_and(|it| it.syntax() != &node);
            return is_argument
                && function
                    .and_then(|it| last_name(&it))
                    .is_some_and(|it| is_import(&it));
        }
        if ast::AttrpathValue::can_cast(parent.kind()) || ast::AttrSet::can_cast(parent.kind()) {
            return false;
        }
        node = parent;
    }
    false
}

/// A call of a fetcher, as far as it can be read.
struct Fetch {
    kind: &'static str,
    url: String,
    /// The whole URL is known.
    whole: bool,
    revision: Option<String>,
    hash: Option<String>,
    /// The branch of a `fetchGit`.
    branch: Option<String>,
    /// There is a hash, known or not.
    hashed: bool,
    /// There is a revision, known or not.
    fixed: bool,
}

impl Fetch {
    fn of(sheet: &Sheet<'_>, fetcher: &Fetcher, argument: &Expr) -> Option<Self> {
        let mut fetch = Fetch {
            kind: fetcher.kind,
            url: String::new(),
            whole: true,
            revision: None,
            hash: None,
            branch: None,
            hashed: false,
            fixed: false,
        };
        let Expr::AttrSet(set) = argument else {
            let (url, whole) = sheet.names.read(argument)?;
            fetch.take_url(url, whole);
            return Some(fetch);
        };
        let text = |names: &[&str]| {
            names.iter().find_map(|name| match attribute(set, name) {
                Some(value) => sheet.names.read(&value),
                None if inherits(set, name) => Some((sheet.names.text(name)?.to_owned(), true)),
                None => None,
            })
        };
        let has = |names: &[&str]| {
            names
                .iter()
                .any(|name| attribute(set, name).is_some() || inherits(set, name))
        };
        match (
            text(&["url"]),
            fetcher.host.or(forge_of(text(&["type"]).as_ref())),
        ) {
            (Some((url, whole)), _) => fetch.take_url(url, whole),
            (None, Some(host)) => {
                let owner = text(&["owner"]).map_or_else(String::new, |it| it.0);
                let repo = text(&["repo"]).map_or_else(String::new, |it| it.0);
                fetch.take_url(format!("{host}/{owner}/{repo}"), false);
            }
            // `fetchGit { url = ./.; }` is not fetched from anywhere.
            (None, None)
                if has(&["url"]) && !attribute(set, "url").is_some_and(|it| is_path(&it)) =>
            {
                fetch.whole = false;
            }
            (None, None) => return None,
        }
        let revision = text(&["rev"]).filter(|(_, whole)| *whole).map(|it| it.0);
        fetch.revision = revision.filter(|it| is_revision(it)).or(fetch.revision);
        // `fetchGit` takes a branch by `ref`, but only a revision by `rev`; the others a tag, with a hash.
        fetch.fixed |= has(&["rev", "narHash"]);
        fetch.branch = text(&["ref"]).map(|it| it.0);
        let hashes = ["sha256", "hash", "narHash", "sha512"];
        fetch.hash = text(&hashes).filter(|(_, whole)| *whole).map(|it| it.0);
        fetch.hashed = has(&hashes);
        Some(fetch)
    }

    fn take_url(&mut self, url: String, whole: bool) {
        self.revision = revision_in(&url);
        self.url = url;
        self.whole = whole;
    }

    fn pinned(&self) -> bool {
        self.hashed || self.fixed || self.revision.is_some() || !self.whole || is_release(&self.url)
    }

    /// The name of what is fetched, where nothing gives it one.
    fn name(&self) -> String {
        let name = Place::of(&self.url).map(|place| place.repository);
        name.unwrap_or("nixpkgs").to_lowercase()
    }

    fn unpinned(&self, name: &str) -> Warning {
        let url = self.url.escape_debug().to_string();
        let what =
            format!("`{url}` is whatever it is on the day of the build: nothing pins `{name}`");
        let place = Place::of(&self.url);
        let branch = self.branch.as_deref();
        let branch = branch
            .or(place.as_ref().map(|it| it.branch))
            .unwrap_or("HEAD");
        let branch = branch.escape_debug();
        let address = place.map(|it| it.address());
        let todo = if self.kind == "git" {
            let url = address.unwrap_or(url);
            format!(
                "write `{name} = builtins.fetchGit {{ url = \"{url}\"; rev = \"REV\"; }};`, with REV from `git ls-remote {url} {branch}`"
            )
        } else if let Some(address) = address {
            let url = format!("{address}/archive/REV.tar.gz");
            format!(
                "write `{name} = fetchTarball {{ url = \"{url}\"; sha256 = \"HASH\"; }};`, with REV from \
                 `git ls-remote {address} {branch}` and HASH from `nix-prefetch-url --unpack {url}`"
            )
        } else {
            format!(
                "write `{name} = fetchTarball {{ url = \"{url}\"; sha256 = \"HASH\"; }};`, with HASH from \
                 `nix-prefetch-url --unpack {url}`"
            )
        };
        Warning::new("inspect/unpinned", what, todo)
    }
}

/// The host of a `fetchTree` by `type`, `owner` and `repo`.
fn forge_of(kind: Option<&(String, bool)>) -> Option<&'static str> {
    match kind?.0.as_str() {
        "github" => Some("https://github.com"),
        "gitlab" => Some("https://gitlab.com"),
        "sourcehut" => Some("https://git.sr.ht"),
        _ => None,
    }
}

/// Whether it is a path, such as `./.`.
pub(super) fn is_path(expr: &Expr) -> bool {
    matches!(
        plain(expr),
        Some(Expr::PathRel(_) | Expr::PathAbs(_) | Expr::PathHome(_))
    )
}

/// Whether what a function fetches must be built before it can be read: a fetcher of nixpkgs.
pub(super) fn is_built(name: &str) -> bool {
    FETCHERS.iter().any(|it| !it.builtin && it.name == name)
}
