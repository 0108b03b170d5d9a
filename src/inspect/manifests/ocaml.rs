//! dune-project with the dune files below it, and *.opam.
//!
//! Takes the file; gives what `dune install` would install into `bin`. Never: an executable without a
//! public name, which stays in the build folder.

use std::collections::BTreeSet;
use std::path::Path;

use super::file::{File, Found};
use super::scan;
use super::sexp::{self, Token};
use super::{Manifest, Said};

/// dune files that are read.
const MOST_FILES: usize = 256;

pub(super) fn dune(file: &File<'_>) -> Option<Found> {
    let tokens = sexp::tokens(file.text);
    let mut manifest = file.manifest();
    let mut packages = Vec::new();
    for list in sexp::lists(&tokens) {
        match sexp::head(list) {
            Some(("name", rest)) => manifest.name = first(file, rest),
            Some(("package", rest)) => packages.push(rest),
            _ => {}
        }
    }
    for package in packages {
        if manifest.name.is_none() {
            manifest.name = sexp::field(package, "name").and_then(|it| first(file, it));
        }
        if let Some(depends) = sexp::field(package, "depends") {
            let plain = sexp::words(depends).into_iter().map(|(word, _)| word);
            let bound = sexp::lists(depends)
                .into_iter()
                .filter(|list| !is_for_tests(list));
            let bound = bound.filter_map(|list| Some(sexp::head(list)?.0));
            manifest
                .dependencies
                .extend(plain.chain(bound).map(str::to_owned));
        }
    }
    let has_library = below(file, &mut manifest);
    manifest.is_library = has_library && manifest.programs.is_empty();
    Some(manifest.into())
}

fn is_for_tests(list: &[Token<'_>]) -> bool {
    let only = [":with-test", ":with-doc", ":with-dev-setup"];
    list.iter()
        .any(|token| matches!(token.is, sexp::Is::Word(word) if only.contains(&word)))
}

fn first(file: &File<'_>, words: &[Token<'_>]) -> Option<Said> {
    let (word, at) = sexp::words(words).into_iter().next()?;
    Some(file.said(word, at))
}

/// Reads the dune files of this project; whether one has a public library.
fn below(file: &File<'_>, manifest: &mut Manifest) -> bool {
    let is = |path: &Path, name: &str| path.file_name().is_some_and(|it| it == name);
    let nested: BTreeSet<&Path> = file
        .tree
        .below(file.folder)
        .filter(|path| is(path, "dune-project") && *path != file.path)
        .filter_map(Path::parent)
        .collect();
    let files = file.tree.below(file.folder).filter(|path| is(path, "dune"));
    let own = files.filter(|path| !path.ancestors().any(|it| nested.contains(it)));
    let (mut libraries, mut own_libraries, mut public) = (BTreeSet::new(), BTreeSet::new(), false);
    for path in own.take(MOST_FILES) {
        let Some(text) = file.tree.text(path) else {
            continue;
        };
        let dune = File::new(file.tree, path, &text, manifest.ecosystem);
        for list in sexp::lists(&sexp::tokens(&text)) {
            let Some((kind, rest)) = sexp::head(list) else {
                continue;
            };
            let names = |key: &str| sexp::field(rest, key).map(sexp::words).unwrap_or_default();
            match kind {
                "executable" | "executables" => {
                    let known = names("public_name")
                        .into_iter()
                        .chain(names("public_names"));
                    let known = known.filter(|(name, _)| *name != "-");
                    manifest
                        .programs
                        .extend(known.map(|(name, at)| dune.said(name, at)));
                    libraries.extend(
                        names("libraries")
                            .into_iter()
                            .map(|(name, _)| name.to_owned()),
                    );
                }
                "library" => {
                    let public_name = names("public_name");
                    public |= !public_name.is_empty();
                    let known = public_name.into_iter().chain(names("name"));
                    own_libraries.extend(known.map(|(name, _)| name.to_owned()));
                }
                "install" => manifest.programs.extend(installed(&dune, rest)),
                _ => {}
            }
        }
    }
    // `cohttp-lwt.unix` is a part of `cohttp-lwt`.
    let others = libraries
        .difference(&own_libraries)
        .filter_map(|it| it.split('.').next());
    manifest.dependencies.extend(others.map(str::to_owned));
    public
}

/// `(install (section bin) (files (main.exe as tool)))`.
fn installed(dune: &File<'_>, rest: &[Token<'_>]) -> Vec<Said> {
    let section = sexp::field(rest, "section")
        .map(sexp::words)
        .unwrap_or_default();
    if section.first().map(|(name, _)| *name) != Some("bin") {
        return Vec::new();
    }
    let Some(files) = sexp::field(rest, "files") else {
        return Vec::new();
    };
    let renamed =
        sexp::lists(files)
            .into_iter()
            .filter_map(|list| match sexp::words(list).as_slice() {
                [_, ("as", _), (name, at)] => Some((*name, *at)),
                _ => None,
            });
    let plain = sexp::words(files).into_iter();
    let plain = plain.map(|(path, at)| (path.rsplit('/').next().unwrap_or(path), at));
    renamed
        .chain(plain)
        .map(|(name, at)| dune.said(name, at))
        .collect()
}

/// The package's name is the file's.
pub(super) fn opam(file: &File<'_>) -> Option<Found> {
    let text = &scan::without_comments(file.text, &scan::HASH);
    let mut manifest = file.manifest();
    manifest.name = file.stem().map(|stem| file.said(stem, 0));
    let at = scan::word(text, "depends:", 0)?;
    let (_, depends) = scan::brackets(text, at + "depends:".len())?;
    // Outside of braces each string is a package; inside is its version.
    let mut rest = depends;
    while let Some((at, name)) = scan::strings(rest).next() {
        let after = rest.get(at + name.len() + 1..).unwrap_or_default();
        let condition = after
            .trim_start()
            .strip_prefix('{')
            .and_then(|it| it.split_once('}'));
        let (inside, next) = condition.unwrap_or(("", after));
        if !inside.contains("with-test") && !inside.contains("with-doc") {
            manifest.dependencies.push(name.to_owned());
        }
        rest = next;
    }
    Some(manifest.into())
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn public_names_are_installed() {
        let project = "(lang dune 3.11)\n(name lantern)\n(package\n (name lantern)\n (depends (ocaml (>= 5.1)) (alcotest :with-test) dream)) ; and more\n";
        let bin = "#| (executable (public_name no)) |#\n(executable\n (name main)\n (public_name \"lanternd\")\n (libraries dream cohttp-lwt.unix lantern_lib))\n";
        let tools = "(executables (names a b) (public_names lantern-a -))\n(executable (name c))\n(install (section bin) (files (c.exe as lantern-c) x/plain))\n(install (section share) (files y))\n";
        assert_eq!(
            told(&[
                ("dune-project", project),
                ("bin/dune", bin),
                ("tools/dune", tools),
                ("src/dune", "(library (name lantern_lib))"),
                ("other/dune-project", "(name other)"),
                ("other/dune", "(executable (public_name other))"),
            ]),
            ["dune-project | name lantern@2 \
              | programs lantern-a@tools/dune:1 lantern-c@tools/dune:3 lanternd@bin/dune:4 plain@tools/dune:3 \
              | needs cohttp-lwt dream ocaml"]
        );
        assert_eq!(
            told(&[
                ("dune-project", "(name x)"),
                ("dune", "(library (public_name x))")
            ]),
            ["dune-project | name x@1 | library"]
        );
    }

    #[test]
    fn opam_files_say_what_is_needed() {
        let text = "opam-version: \"2.0\"\ndepends: [\n  \"dune\" {>= \"3.10\"}\n  \"dream\" # web\n  \"odoc\" {with-doc}\n]\nbuild: [\"dune\" \"build\"]\n";
        assert_eq!(
            told(&[("bramble.opam", text)]),
            ["bramble.opam | name bramble@1 | needs dream dune"]
        );
    }
}
