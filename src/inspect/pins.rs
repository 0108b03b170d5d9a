//! Pins that tools keep in files of their own: niv's and npins' sources, and thunks.
//!
//! Takes the directory, or its list of files; gives [`Pin`]s sorted by name, and what fetching them needs.
//! The tools changed their files over time, so every value that looks like a revision or a hash is
//! taken, and nothing is required. What Nix files fetch by themselves is found by `lint`.

use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Result};

use super::files;
use super::lint::{is_no_hash, is_one_letter, release_of};
use super::lock::github_archive;
use super::needs;
use super::project::{Need, NeedId, Pin, Source, Warning};
use super::tree::Tree;

/// The tools' files, and where in each the named sources stand.
const FILES: &[(&str, &str)] = &[("nix/sources.json", ""), ("npins/sources.json", "/pins")];

/// The files of a thunk: a folder that stands for a repository and holds nothing but a pin of it.
const THUNKS: &[(&str, &str)] = &[
    ("github.json", "github"),
    ("git.json", "git"),
    ("thunk.json", "git"),
];

/// How the name of an archive ends that Nix can unpack.
const ARCHIVES: &[&str] = &[".tar.bz2", ".tar.gz", ".tar.xz", ".tar.zst", ".tgz", ".zip"];

/// The last version of npins' file that is known.
const LAST_NPINS: u64 = 7;

/// What the tools' files say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sources {
    /// Sorted by name.
    pub(super) pins: Vec<Pin>,
    pub(super) needs: Vec<Need>,
    pub(super) warnings: Vec<Warning>,
    /// The release of nixpkgs that the pin of that name follows, such as `25.05`.
    pub(super) release: Option<String>,
}

impl Sources {
    fn sorted(mut self) -> Self {
        self.pins
            .sort_by(|a, b| (&a.name, &a.source).cmp(&(&b.name, &b.source)));
        self.needs = needs::together(self.needs);
        self
    }

    /// Notes a pin, what it needs, and what is wrong with it.
    fn add(&mut self, pin: Pin, source: &Value) {
        let text = |key: &str| source.get(key).and_then(Value::as_str).unwrap_or_default();
        let flag = |key: &str| source.get(key) == Some(&Value::Bool(true));
        let repository = source
            .pointer("/repository/url")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let urls = [text("url"), text("repo"), repository];
        if flag("private") || urls.into_iter().any(needs::is_private_url) {
            self.needs.push(needs::need(
                NeedId::PrivateInput,
                &pin.name,
                pin.source.clone(),
            ));
        }
        if flag("submodules") || flag("fetchSubmodules") {
            self.needs.push(needs::need(
                NeedId::Submodules,
                &pin.name,
                pin.source.clone(),
            ));
        }
        if pin.name == "nixpkgs" {
            let follows = [text("branch"), text("name")]
                .into_iter()
                .find_map(release_of);
            self.release = follows.map(str::to_owned);
        }
        let no_revision = pin
            .revision
            .as_deref()
            .is_some_and(|it| it.len() >= 7 && is_one_letter(it));
        let no_hash = hash(source).is_some_and(is_no_hash);
        if no_revision || no_hash {
            let which = if no_revision { "revision" } else { "hash" };
            let what = format!(
                "the {which} of `{}` stands for one that is to come",
                pin.name
            );
            let todo = "update it with the tool that wrote the file: `npins update`, `niv update`";
            self.warnings
                .push(Warning::new("inspect/placeholder", what, todo).at(pin.source.clone()));
        }
        self.pins.push(pin);
    }
}

/// All that the known files say.
pub(super) fn look(dir: &Path) -> Result<Sources> {
    let mut found = Sources::default();
    for (file, inside) in FILES {
        if let Some(text) = files::read(dir, Path::new(file))? {
            parse(file, inside, &text, &mut found)?;
        }
    }
    Ok(found.sorted())
}

/// The thunks of a project, each under its folder's name. A file that only looks like one is none.
pub(super) fn thunks(tree: &Tree) -> Sources {
    let mut found = Sources::default();
    for file in tree.files() {
        let name = file
            .file_name()
            .and_then(|it| it.to_str())
            .unwrap_or_default();
        let Some((_, kind)) = THUNKS.iter().find(|(known, _)| *known == name) else {
            continue;
        };
        let Some(folder) = file.parent().filter(|it| is_thunk(tree, it)) else {
            continue;
        };
        let json = tree
            .text(file)
            .and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let Some(json) = json.filter(|it| text(it, &["rev"]).is_some()) else {
            continue;
        };
        let pin = Pin {
            name: thunk_name(folder),
            kind: (*kind).to_owned(),
            revision: text(&json, &["rev"]),
            nar_hash: sri(&json),
            url: thunk_archive(&json, kind),
            path: None,
            source: Source::file(file, None),
        };
        found.add(pin, &json);
    }
    found.sorted()
}

/// Whether a folder is made by the tool: its loader stands beside the pin.
fn is_thunk(tree: &Tree, folder: &Path) -> bool {
    ["default.nix", "thunk.nix"]
        .iter()
        .any(|it| tree.has(&folder.join(it)))
}

/// `dep/x` is `x`; Obelisk keeps itself in `.obelisk/impl`.
fn thunk_name(folder: &Path) -> String {
    let names = folder.iter().rev().filter_map(|it| it.to_str());
    let mut names = names
        .map(|it| it.trim_start_matches('.'))
        .filter(|it| *it != "impl");
    names.next().unwrap_or("thunk").to_owned()
}

fn parse(file: &str, inside: &str, text: &str, to: &mut Sources) -> Result<()> {
    let bad = |what: String| {
        Error::user(
            "inspect/sources",
            format!("`{file}` can't be read: {what}"),
            format!("make it anew with the tool that wrote it, or `git checkout {file}`"),
        )
        .at(file)
    };
    let json: Value = serde_json::from_str(text).map_err(|error| bad(error.to_string()))?;
    let sources = json.pointer(inside).and_then(Value::as_object);
    let sources = sources.ok_or_else(|| bad("there is no set of sources".to_owned()))?;
    let version = json
        .get("version")
        .and_then(Value::as_u64)
        .filter(|_| !inside.is_empty());
    if let Some(version) = version.filter(|it| *it > LAST_NPINS) {
        let what = format!(
            "`{file}` has version {version}: nixdyno knows those up to {LAST_NPINS}, and may read it wrong"
        );
        let todo = "see that the pins below are the ones you mean; `npins show` lists them";
        to.warnings
            .push(Warning::new("inspect/sources-version", what, todo).at(Source::file(file, None)));
    }
    for (name, source) in sources {
        to.add(pin(file, name, source), source);
    }
    Ok(())
}

fn pin(file: &str, name: &str, source: &Value) -> Pin {
    // npins keeps a channel or an image by its address, niv a repository by a URL with the revision in it.
    let revision = text(source, &["rev", "revision", "image_digest"]);
    Pin {
        name: name.to_owned(),
        kind: kind(source),
        revision: revision.or_else(|| revision_in(&text(source, &["url"])?)),
        nar_hash: sri(source),
        url: text(source, &["url"]).filter(|url| is_archive(url)),
        path: None,
        source: Source::file(file, None),
    }
}

/// The archive of a thunk that stands for a repository of GitHub's.
fn thunk_archive(json: &Value, kind: &str) -> Option<String> {
    let text = |key: &str| json.get(key).and_then(Value::as_str);
    (kind == "github").then_some(())?;
    Some(github_archive(text("owner")?, text("repo")?, text("rev")?))
}

/// A `url` may also be that of a repository.
fn is_archive(url: &str) -> bool {
    ARCHIVES.iter().any(|ending| url.ends_with(ending))
}

/// The kind as a lock file would call it: npins says `Git`, and in `repository` whose.
fn kind(source: &Value) -> String {
    let kind = text(source, &["type"]).unwrap_or_else(|| "tarball".to_owned());
    match kind.as_str() {
        "Git" | "GitRelease" => {
            let host = source.pointer("/repository/type").and_then(Value::as_str);
            host.unwrap_or("git").to_lowercase()
        }
        kind => kind.to_lowercase(),
    }
}

/// The first of some keys that holds a text.
fn text(source: &Value, keys: &[&str]) -> Option<String> {
    let mut texts = keys
        .iter()
        .filter_map(|key| source.get(key).and_then(Value::as_str));
    texts.next().map(str::to_owned)
}

fn hash(source: &Value) -> Option<&str> {
    let mut hashes = ["hash", "sha256"]
        .iter()
        .filter_map(|key| source.get(key).and_then(Value::as_str));
    hashes.next()
}

/// The hash, if it is an SRI one: older versions of the tools write Nix's own base 32.
fn sri(source: &Value) -> Option<String> {
    hash(source)
        .filter(|it| it.starts_with("sha256-"))
        .map(str::to_owned)
}

/// A full git revision in a URL.
fn revision_in(url: &str) -> Option<String> {
    let mut words = url.split(|c: char| !c.is_ascii_alphanumeric());
    let found = words.find(|it| it.len() == 40 && it.bytes().all(|byte| byte.is_ascii_hexdigit()));
    found.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REVISION: &str = "1f2e3d4c5b6a79880123456789abcdef01234567";

    fn parsed(file: &str, inside: &str, text: &str) -> Result<Sources> {
        let mut sources = Sources::default();
        parse(file, inside, text, &mut sources)?;
        Ok(sources.sorted())
    }

    fn plain(sources: &Sources) -> Vec<(&str, &str, Option<&str>, bool)> {
        let pins = sources.pins.iter();
        pins.map(|it| {
            (
                it.name.as_str(),
                it.kind.as_str(),
                it.revision.as_deref(),
                it.nar_hash.is_some(),
            )
        })
        .collect()
    }

    #[test]
    fn niv_is_read() {
        let text = format!(
            r#"{{
              "nixpkgs": {{ "type": "tarball", "rev": "{REVISION}", "sha256": "0abc", "url_template": "<rev>" }},
              "old": {{ "url": "https://github.com/acme/old/archive/{REVISION}.tar.gz" }},
              "tools": {{ "type": "git", "repo": "git@git.example.org:tools.git", "rev": "0000000000000000000000000000000000000000" }},
              "here": {{ "type": "local", "path": "./x" }}
            }}"#
        );
        let sources = parsed("nix/sources.json", "", &text).unwrap();
        assert_eq!(
            plain(&sources),
            [
                ("here", "local", None, false),
                ("nixpkgs", "tarball", Some(REVISION), false),
                ("old", "tarball", Some(REVISION), false),
                (
                    "tools",
                    "git",
                    Some("0000000000000000000000000000000000000000"),
                    false
                ),
            ]
        );
        insta::assert_snapshot!(needs::shown(&sources.needs, &sources.warnings));
    }

    #[test]
    fn every_version_of_npins_is_read() {
        for version in 0..=7 {
            let text = format!(
                r#"{{ "version": {version}, "pins": {{
                  "a": {{ "type": "Git", "repository": {{ "type": "GitHub", "owner": "x", "repo": "y" }}, "revision": "{REVISION}", "hash": "sha256-x1" }},
                  "b": {{ "type": "GitRelease", "repository": {{ "type": "Git", "url": "https://example.org/b" }}, "revision": "{REVISION}", "hash": "0abc" }},
                  "c": {{ "type": "Channel", "name": "nixos-25.05", "url": "https://releases.nixos.org/x", "hash": "sha256-x1" }},
                  "d": {{ "type": "PyPi", "name": "d", "version": "1.0", "hash": "sha256-x1" }},
                  "e": {{ "type": "Container", "image_digest": "sha256:abc", "hash": "sha256-x1" }}
                }} }}"#
            );
            let sources = parsed("npins/sources.json", "/pins", &text).unwrap();
            assert_eq!(
                plain(&sources),
                [
                    ("a", "github", Some(REVISION), true),
                    ("b", "git", Some(REVISION), false),
                    ("c", "channel", None, true),
                    ("d", "pypi", None, true),
                    ("e", "container", Some("sha256:abc"), true),
                ]
            );
            assert_eq!((sources.needs, sources.warnings), Default::default());
        }
        for source in [
            r#""branch": "nixos-20.09""#,
            r#""type": "Channel", "name": "nixos-20.09""#,
        ] {
            let text = format!(r#"{{ "pins": {{ "nixpkgs": {{ {source} }} }} }}"#);
            let sources = parsed("npins/sources.json", "/pins", &text).unwrap();
            assert_eq!(sources.release.as_deref(), Some("20.09"));
        }
    }

    #[test]
    fn what_pins_need_is_told() {
        let text = r#"{ "version": 9, "pins": {
            "a": { "type": "Git", "repository": { "type": "Git", "url": "ssh://git@git.example.org/a" }, "submodules": true },
            "b": { "type": "Tarball", "hash": "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }
        } }"#;
        let sources = parsed("npins/sources.json", "/pins", text).unwrap();
        insta::assert_snapshot!(needs::shown(&sources.needs, &sources.warnings));
    }

    #[test]
    fn thunks_are_pins_under_their_folders_names() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        };
        let github = format!(
            r#"{{ "owner": "acme", "repo": "x", "private": true, "rev": "{REVISION}", "sha256": "0abc" }}"#
        );
        write("dep/x/github.json", &github);
        write("dep/x/thunk.nix", "");
        write("dep/x/default.nix", "");
        write(
            ".obelisk/impl/git.json",
            &format!(r#"{{ "url": "https://example.org/o", "rev": "{REVISION}" }}"#),
        );
        write(".obelisk/impl/default.nix", "");
        // No loader beside it, no revision in it, no JSON: no thunks.
        write("data/github.json", &github);
        write("dep/y/github.json", "{}");
        write("dep/y/default.nix", "");
        write("dep/z/git.json", "{");
        write("dep/z/default.nix", "");
        let sources = thunks(&Tree::of(dir.path()).unwrap());
        assert_eq!(
            plain(&sources),
            [
                ("obelisk", "git", Some(REVISION), false),
                ("x", "github", Some(REVISION), false)
            ]
        );
        assert_eq!(sources.needs.len(), 1);
        assert_eq!(
            sources.pins[1].source,
            Source::file("dep/x/github.json", None)
        );
    }

    #[test]
    fn wrong_files_are_shown() {
        let errors = [
            ("nix/sources.json", "", "{"),
            ("nix/sources.json", "", "[]"),
            ("npins/sources.json", "/pins", "{}"),
        ]
        .map(|(file, inside, text)| parsed(file, inside, text).unwrap_err().to_string());
        insta::assert_snapshot!(errors.join("\n\n"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(?s).{0,200}", value in "[ -~]{0,60}") {
            let _ = parsed("npins/sources.json", "/pins", &text);
            let json = serde_json::json!({ "pins": { "x": { "type": value, "url": value, "hash": value, "revision": value } } });
            let _ = parsed("npins/sources.json", "/pins", &json.to_string());
        }
    }
}
