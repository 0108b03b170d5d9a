//! *.cabal, hpack's package.yaml and cabal.project.
//!
//! Takes the file; gives executables, build dependencies and a project's packages. Never evaluates a
//! condition: what stands in an `if` counts.

use std::path::Path;

use super::file::{File, Found, lines};
use super::scan;
use super::yaml;
use super::{Manifest, Said};

/// A stanza of a .cabal file that is being read.
#[derive(Default)]
struct Stanza {
    executable: Option<Said>,
    /// Tests and benchmarks are not installed, and what they need is not needed.
    counts: bool,
    buildable: bool,
    /// Where its fields begin.
    column: Option<usize>,
    field: String,
    field_column: usize,
}

pub(super) fn cabal(file: &File<'_>) -> Option<Found> {
    let mut manifest = file.manifest();
    let mut has_library = false;
    let mut stanza = Stanza {
        counts: true,
        buildable: true,
        ..Stanza::default()
    };
    for (start, line) in file.lines() {
        let content = line.trim_start();
        let column = line.len() - content.len();
        let at = start + column;
        if content.is_empty() || content.starts_with("--") {
            continue;
        }
        if column == 0 && field(content).is_none() {
            finish(&mut manifest, stanza);
            let mut words = content.split_whitespace();
            let kind = words.next().unwrap_or_default().to_ascii_lowercase();
            let name = words.next().filter(|_| kind == "executable");
            has_library |= kind == "library";
            stanza = Stanza {
                executable: name.map(|name| file.said(name, at)),
                counts: matches!(kind.as_str(), "executable" | "library" | "common"),
                buildable: true,
                ..Stanza::default()
            };
            continue;
        }
        let continued = column > stanza.field_column && !stanza.field.is_empty();
        let (key, value) = match field(content).filter(|_| !continued) {
            Some((key, value)) => (key.to_ascii_lowercase(), value),
            // `if`, `else`: their fields begin anew.
            None if !continued => (String::new(), ""),
            None => (stanza.field.clone(), content),
        };
        if !continued {
            stanza.field.clone_from(&key);
            stanza.field_column = column;
        }
        let own = *stanza.column.get_or_insert(column) == column;
        match key.as_str() {
            "name" if column == 0 => manifest.name = Some(file.said(value.trim(), at)),
            "build-depends" if stanza.counts => manifest.dependencies.extend(packages(value)),
            "buildable" if own && value.trim().eq_ignore_ascii_case("false") => {
                stanza.buildable = false;
            }
            _ => {}
        }
    }
    finish(&mut manifest, stanza);
    let own = manifest.name.as_ref()?.value.clone();
    manifest.dependencies.retain(|it| *it != own);
    manifest.is_library = has_library && manifest.programs.is_empty();
    Some(manifest.into())
}

fn finish(manifest: &mut Manifest, stanza: Stanza) {
    manifest
        .programs
        .extend(stanza.executable.filter(|_| stanza.buildable));
}

/// `name: value`, at any column.
fn field(content: &str) -> Option<(&str, &str)> {
    let (name, value) = content.split_once(':')?;
    let name = name.trim_end();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, value))
}

/// The names of `base >=4 && <5, servant:{a, b}, warp`.
fn packages(value: &str) -> impl Iterator<Item = String> + '_ {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let parts = scan::parts(value).into_iter();
    parts.filter_map(move |(_, part)| {
        let end = part.find(|c| !is_name(c)).unwrap_or(part.len());
        let name = part.get(..end)?;
        // A bound of its own line (`<5`) has no name; a version has no letter.
        let letter = name.chars().any(|c| c.is_ascii_alphabetic());
        letter.then(|| name.to_owned())
    })
}

/// hpack writes the .cabal file of it.
pub(super) fn hpack(file: &File<'_>) -> Option<Found> {
    let mut manifest = file.manifest();
    let mut has_library = false;
    let mut single = None;
    for entry in yaml::entries(file.text) {
        let keys: Vec<&str> = entry.path.split('/').collect();
        match keys.as_slice() {
            ["name"] => manifest.name = Some(file.said(entry.value, entry.at)),
            ["executables", name] => manifest.programs.push(file.said(*name, entry.at)),
            ["executable"] => single = Some(entry.at),
            ["library"] => has_library = true,
            ["dependencies" | "build-depends", "-"]
            | ["library" | "executable", "dependencies", "-"]
            | ["executables", _, "dependencies", "-"] => {
                let name = entry.value.strip_prefix("name:").unwrap_or(entry.value);
                manifest.dependencies.extend(packages(name));
            }
            _ => {}
        }
    }
    let folder = file.folder.file_name().and_then(|name| name.to_str());
    let name = manifest.name.as_ref().map(|it| it.value.clone());
    let name = name.or_else(|| folder.map(str::to_owned));
    // One executable without a name of its own is named as the package.
    if let (Some(at), Some(name)) = (single, &name) {
        manifest.programs.push(file.said(name.as_str(), at));
    }
    manifest.dependencies.retain(|it| Some(it) != name.as_ref());
    manifest.is_library = has_library && manifest.programs.is_empty();
    Some(manifest.into())
}

pub(super) fn project(file: &File<'_>) -> Option<Found> {
    let mut members = Vec::new();
    let mut inside = false;
    for (_, line) in lines(file.text) {
        let content = line.trim();
        if content.is_empty() || content.starts_with("--") {
            continue;
        }
        let mut value = content;
        if !line.starts_with([' ', '\t']) {
            let (name, after) = field(content).unwrap_or((content, ""));
            inside = matches!(name, "packages" | "optional-packages");
            value = after;
        }
        if inside {
            let words = value.split(|c: char| c.is_whitespace() || c == ',');
            members.extend(words.filter(|word| !word.is_empty()).map(folder_of));
        }
    }
    Some(Found {
        manifest: None,
        members,
    })
}

/// `api/api.cabal` and `api/` are the same package.
fn folder_of(word: &str) -> String {
    let folder = match word.rsplit_once('/') {
        Some((folder, last)) if is_cabal(last) => folder,
        None if is_cabal(word) => ".",
        _ => word,
    };
    folder.to_owned()
}

fn is_cabal(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|it| it == "cabal")
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    const CABAL: &str = "cabal-version: 3.0
name:          salt-marsh
version:       0.3

common shared
  build-depends:
    , base   >=4.18 && <5
    , text

library
  import:          shared
  exposed-modules: Marsh
  build-depends:   servant:{core, api}, salt-marsh

executable marsh-web
  import: shared
  main-is: Main.hs
  if flag(fast)
    buildable: False
    build-depends: warp ^>=3.4,
                   wai
  else
    ghc-options: -O0
  -- build-depends: nothing
  build-depends: salt-marsh

Executable marsh-old
  buildable: False

test-suite spec
  type: exitcode-stdio-1.0
  build-depends: hspec
";

    #[test]
    fn executables_have_names_of_their_own() {
        assert_eq!(
            told(&[("salt-marsh.cabal", CABAL)]),
            [
                "salt-marsh.cabal | name salt-marsh@2 | programs marsh-web@15 | needs base servant text wai warp"
            ]
        );
        let library = "name: reeds\nlibrary\n  build-depends: base\n";
        assert_eq!(
            told(&[("reeds.cabal", library)]),
            ["reeds.cabal | name reeds@1 | needs base | library"]
        );
    }

    #[test]
    fn hpack_is_read_by_indentation() {
        let many = "name: apiary\n\ndependencies:\n- base >= 4\n- name: text\n  version: 2\n\nlibrary:\n  source-dirs: src\n\nexecutables:\n  apiary-web:\n    main: Main.hs\n    dependencies: [warp, servant-server]\n  'apiary-job':\n    main: Job.hs\n    dependencies:\n      - apiary\n      - postgresql-simple\n\ntests:\n  spec:\n    dependencies:\n    - hspec\n";
        assert_eq!(
            told(&[("package.yaml", many)]),
            [
                "package.yaml | name apiary@1 | programs apiary-job@15 apiary-web@12 \
              | needs base postgresql-simple servant-server text warp"
            ]
        );
        assert_eq!(
            told(&[("package.yaml", "name: bee\nexecutable:\n  main: Main.hs\n")]),
            ["package.yaml | name bee@1 | programs bee@2"]
        );
    }

    #[test]
    fn a_project_names_folders_and_files() {
        let project = "-- all\npackages: ./api/\n          jobs/jobs.cabal,\n          libs/*/*.cabal\ntests: True\n";
        assert_eq!(
            told(&[
                ("cabal.project", project),
                ("api/api.cabal", "name: api\nexecutable api-web\n"),
                ("jobs/jobs.cabal", "name: jobs\nexecutable run-jobs\n"),
                ("libs/x/x.cabal", "name: x\nlibrary\n"),
                ("True/y.cabal", "name: y\n"),
            ]),
            [
                "api/api.cabal | name api@1 | programs api-web@2",
                "jobs/jobs.cabal | name jobs@1 | programs run-jobs@2",
                "libs/x/x.cabal | name x@1 | library",
            ]
        );
    }
}
