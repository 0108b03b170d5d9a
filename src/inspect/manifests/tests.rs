//! What the tests of all readers share, and what holds for each of them.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// A project of these files.
pub(super) fn project(files: &[(&str, &str)]) -> (tempfile::TempDir, Tree) {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    let tree = Tree::of(dir.path()).unwrap();
    (dir, tree)
}

/// What is read of these files, a line for each manifest; what it doesn't say is left out.
pub(super) fn told(files: &[(&str, &str)]) -> Vec<String> {
    let (_dir, tree) = project(files);
    read(&tree, Path::new("")).iter().map(line).collect()
}

fn line(manifest: &Manifest) -> String {
    let word = |said: &Said| {
        let place = if said.path == manifest.path {
            String::new()
        } else {
            format!("{}:", said.path.display())
        };
        format!("{}@{place}{}", said.value, said.line)
    };
    let mut line = manifest.path.display().to_string();
    let mut note = |what: &str, value: &str| {
        if !value.is_empty() {
            write!(line, " | {what} {value}").unwrap();
        }
    };
    let programs: Vec<_> = manifest.programs.iter().map(word).collect();
    note("name", &manifest.name.iter().map(word).collect::<String>());
    note("programs", &programs.join(" "));
    note(
        "default",
        &manifest
            .default_program
            .iter()
            .map(word)
            .collect::<String>(),
    );
    note(
        "start",
        &manifest.start.iter().map(word).collect::<String>(),
    );
    note("arguments", &manifest.arguments.join(" "));
    note(
        "site",
        &manifest.builds_site.iter().map(word).collect::<String>(),
    );
    note("needs", &manifest.dependencies.join(" "));
    if manifest.is_library {
        line.push_str(" | library");
    }
    line
}

#[test]
fn members_are_read_for_their_workspace_only() {
    let files = [
        ("package.json", "{\"workspaces\": [\"apps/*\"]}"),
        ("apps/web/package.json", "{\"name\": \"web\"}"),
        ("apps/web/go.mod", "module example.org/web\n"),
        ("other/package.json", "{\"name\": \"other\"}"),
    ];
    assert_eq!(
        told(&files),
        ["apps/web/package.json | name web@1", "package.json"]
    );
    let (_dir, tree) = project(&files);
    let found = read(&tree, Path::new("apps/web"));
    let paths: Vec<_> = found
        .iter()
        .map(|it| it.path.display().to_string())
        .collect();
    assert_eq!(paths, ["apps/web/go.mod", "apps/web/package.json"]);
    assert!(read(&tree, Path::new("nowhere")).is_empty());
}

#[test]
fn a_workspace_of_thousands_is_cut_short() {
    let names: Vec<_> = (0..200).map(|it| format!("c/m{it}/go.mod")).collect();
    let work: String = (0..200).fold(String::new(), |text, it| text + &format!("use ./c/m{it}\n"));
    let mut files: Vec<(&str, &str)> = names
        .iter()
        .map(|it| (it.as_str(), "module x/y\n"))
        .collect();
    files.push(("go.work", &work));
    assert_eq!(told(&files).len(), MOST_FOLDERS);
}

#[test]
fn what_is_broken_says_nothing() {
    let files = [
        ("Cargo.toml", "[package\nname = 1"),
        ("package.json", "[1, 2"),
        ("composer.json", "3"),
        ("pyproject.toml", "= ="),
        ("pom.xml", "<project><artifactId"),
        ("x.csproj", "no xml at all"),
        ("go.mod", "go 1.22\n"),
        ("gleam.toml", "name = 3"),
    ];
    assert!(told(&files).is_empty());
}

#[test]
fn a_byte_order_mark_and_windows_lines_do_no_harm() {
    let files = [
        ("package.json", "\u{feff}{\r\n  \"name\": \"web\"\r\n}\r\n"),
        (
            "go.mod",
            "module example.org/api\r\n\r\nrequire example.org/x v1\r\n",
        ),
    ];
    assert_eq!(
        told(&files),
        [
            "go.mod | name api@1 | needs example.org/x | library",
            "package.json | name web@2"
        ]
    );
}

/// Words that lead the readers deep.
const WORDS: &[&str] = &[
    "[package]\n",
    "name = \"a\"\n",
    "[[bin]]\n",
    "[workspace]\nmembers = [\"**\"]\n",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    ":",
    ",",
    "=",
    "\n",
    "\n  ",
    "\\",
    "<",
    ">",
    "/",
    "<!--",
    "-->",
    "<Project Sdk=\"",
    "%",
    "#",
    "//",
    "/*",
    "\"scripts\": {",
    "\"bin\": ",
    "\"build\": \"vite build\"",
    "module ",
    "require (",
    "package main",
    "app: :",
    "mod: {",
    "releases: ",
    "deps: deps()",
    "defp deps do [",
    "{:a, ",
    "only: ",
    "executable ",
    "build-depends: ",
    "library\n",
    "(executable (public_name ",
    "(package (depends ",
    "depends: [",
    "{with-test}",
    "bin = @[",
    "requires ",
    "namedBin",
    "gem 'a'",
    "group :test do\n",
    "end\n",
    "spec.executables = ",
    "%w[",
    "name := ",
    "lazy val ",
    "include(",
    "id(\"",
    "applicationName = ",
    "console_scripts",
    "install_requires=[",
    "entry_points=",
    "ü",
    "\u{0}",
    "$(",
    "- ",
    "executables:\n",
];

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(
        text in prop_oneof![
            "(?s).{0,200}",
            proptest::collection::vec(proptest::sample::select(WORDS), 0..40).prop_map(|it| it.concat()),
        ],
    ) {
        let (_dir, tree) = project(&[]);
        for reader in READERS {
            let path = match reader.name {
                Name::Is(name) => PathBuf::from("a").join(name),
                Name::Ends(end) => PathBuf::from(format!("a/b{end}")),
            };
            let found = (reader.read)(&File::new(&tree, &path, &text, reader.ecosystem));
            if let Some(manifest) = found.and_then(|it| it.manifest) {
                let manifest = tidy(manifest);
                prop_assert!(manifest.programs.iter().all(|it| it.line >= 1 && is_file_name(&it.value)));
            }
        }
    }
}

#[test]
fn deep_nesting_is_no_danger() {
    let (_dir, tree) = project(&[]);
    let path = Path::new("x.y");
    for word in [
        "(",
        "[",
        "{",
        "<a>",
        "{\"a\":",
        "- ",
        "[[",
        "\"",
        "'\n",
        "bin=[",
        "bin = @[\n",
        "depends:[\"",
    ] {
        let text = word.repeat(20_000);
        for reader in READERS {
            let _ = (reader.read)(&File::new(&tree, path, &text, reader.ecosystem));
        }
    }
}
