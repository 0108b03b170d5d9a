//! What stays out of an image: by the rules as the real rsync reads them, and with nothing missing that is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use nixdyno::prune::{Entry, decisive};

use crate::common::Project;
use crate::lab::{App, nixdyno, run, tool};
use crate::layers::{NIXPKGS, layers, only_the_last_changes};

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

const NAMES: [&str; 16] = [
    "a", "b", "ab", "a.b", "aa", "b.a", "[a]", "a\\b", "s t", "é", "*", "a?", "-a", "]", "^a",
    "nix",
];

const PIECES: [&str; 34] = [
    "a",
    "b",
    "ab",
    ".",
    "*",
    "*",
    "**",
    "***",
    "/",
    "/",
    "/",
    "?",
    "[ab]",
    "[!a]",
    "[^b-z]",
    "[]a]",
    "[a/]",
    "[[:alpha:]]",
    "[[:punct:]]",
    "[a-]",
    "\\*",
    "\\",
    "\\[",
    "nix",
    "store",
    "nix/store",
    "s t",
    "é",
    "-",
    "^",
    "(",
    "{1}",
    "$",
    "+",
];

/// A tree below `nix/store`, a few levels deep.
fn grow(chance: &mut Chance, folder: &Path, depth: usize) {
    std::fs::create_dir_all(folder).unwrap();
    for _ in 0..=chance.below(4) {
        let path = folder.join(chance.of(&NAMES));
        if path.symlink_metadata().is_ok() {
            continue;
        }
        match chance.below(6) {
            0 => std::fs::write(&path, "x").unwrap(),
            1 => symlink(chance.of(&["a", "..", "/nowhere"]), &path).unwrap(),
            _ if depth > 0 => grow(chance, &path, depth - 1),
            _ => std::fs::write(&path, "x").unwrap(),
        }
    }
}

fn a_rule(chance: &mut Chance) -> String {
    let mut rule = chance
        .of(&["", "- ", "- ", "+ ", "include ", "exclude "])
        .to_owned();
    rule.push_str(chance.of(&["", "", "/", "/nix/store/", "**/"]));
    for _ in 0..=chance.below(4) {
        rule.push_str(chance.of(&PIECES));
    }
    rule.push_str(chance.of(&["", "", "/", "/***", "/**"]));
    rule
}

/// Everything below `nix/store`, with whether it is a folder.
fn below(root: &Path) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.join("nix/store")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let is_dir = path.symlink_metadata().unwrap().is_dir();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            found.insert(name.to_owned(), is_dir);
            if is_dir {
                open.push(path);
            }
        }
    }
    found
}

/// What rsync carries over, by the same rules behind two that keep the store itself.
fn rsync(root: &Path, rules: &[Entry], to: &Path) -> BTreeSet<String> {
    let written: Vec<String> = rules.iter().map(ToString::to_string).collect();
    let file = to.join("rules");
    std::fs::create_dir_all(to.join("copy")).unwrap();
    std::fs::write(
        &file,
        format!("+ /nix/\n+ /nix/store/\n{}\n", written.join("\n")),
    )
    .unwrap();
    let output = Command::new("/usr/bin/rsync")
        .args(["--recursive", "--links", "--exclude-from"])
        .arg(&file)
        .arg(format!("{}/", root.display()))
        .arg(to.join("copy"))
        .env_remove("LC_ALL")
        .output()
        .expect("tests/lab/setup.sh installs rsync");
    assert!(output.status.success(), "{written:?} {output:?}");
    below(&to.join("copy")).into_keys().collect()
}

/// What is left after a search like that of the Dockerfile.
fn find(root: &Path, rules: &[Entry]) -> BTreeSet<String> {
    let mut words = vec![
        "./nix/store",
        "-mindepth",
        "1",
        "-regextype",
        "posix-extended",
    ];
    let tests: Vec<(Vec<(bool, String)>, bool)> = rules
        .iter()
        .map(|entry| {
            (
                entry
                    .rules()
                    .iter()
                    .flat_map(nixdyno::prune::Rule::regexes)
                    .collect(),
                entry.removes(),
            )
        })
        .collect();
    for (tests, removes) in tests.iter().filter(|(tests, _)| !tests.is_empty()) {
        words.push("(");
        for (at, (only_folders, regex)) in tests.iter().enumerate() {
            words.extend((at > 0).then_some("-o"));
            words.extend(only_folders.then_some(["-type", "d"]).into_iter().flatten());
            words.extend(["-regex", regex]);
        }
        words.push(")");
        words.extend(
            removes
                .then_some(["-prune", "-print0"])
                .into_iter()
                .flatten(),
        );
        words.push("-o");
    }
    words.push("-true");
    let output = Command::new("find")
        .args(words)
        .current_dir(root)
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let gone = String::from_utf8(output.stdout).unwrap();
    let gone: Vec<&str> = gone
        .split('\0')
        .filter_map(|it| it.strip_prefix("./"))
        .collect();
    let is_gone = |path: &str| {
        gone.iter()
            .any(|top| path == *top || path.starts_with(&format!("{top}/")))
    };
    below(root)
        .into_keys()
        .filter(|path| !is_gone(path))
        .collect()
}

#[test]
#[ignore = "lab"]
fn the_real_rsync_leaves_out_the_same() {
    let mut chance = Chance(7);
    let (mut pairs, mut telling) = (0, 0);
    while pairs < 600 {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("root");
        grow(&mut chance, &root.join("nix/store"), 4);
        let rules: Vec<Entry> = (0..=chance.below(5))
            .map(|_| a_rule(&mut chance))
            .filter_map(|text| text.parse().ok())
            .collect();
        let all = below(&root);
        let ours: BTreeSet<String> = all
            .iter()
            .filter(|(path, is_dir)| {
                decisive(&rules, path, **is_dir).is_none_or(|(entry, _)| !entry.removes())
            })
            .map(|(path, _)| path.clone())
            .collect();
        let theirs = rsync(&root, &rules, place.path());
        let shown: Vec<String> = rules.iter().map(ToString::to_string).collect();
        assert_eq!(
            ours, theirs,
            "the matcher and rsync: {shown:#?} of {all:#?}"
        );
        assert_eq!(
            find(&root, &rules),
            theirs,
            "find and rsync: {shown:#?} of {all:#?}"
        );
        pairs += 1;
        telling += usize::from(!ours.is_empty() && ours.len() < all.len());
    }
    println!("{pairs} pairs, of which {telling} leave out some and keep some");
    assert!(telling > 90, "{telling}");
}

const RULES: [&str; 5] = [
    "+ ensurepip/",
    "@man",
    "@locale",
    "- lib/python3*/pydoc_data/",
    "- nothing-like-it",
];

fn with_rules() -> Vec<&'static str> {
    let rules = RULES.iter().flat_map(|rule| ["--prune", rule]);
    NIXPKGS.into_iter().chain(rules).collect()
}

/// Bytes of all files of an image.
fn bytes(tag: &str) -> u64 {
    let container = tool("docker", &["create", tag]);
    let container = container.trim();
    let script = format!("docker export {container} | tar -tv; docker rm {container} > /dev/null");
    let listed = tool("bash", &["-c", &script]);
    let files = listed.lines().filter(|line| line.starts_with('-'));
    let sizes = files.filter_map(|line| line.split_whitespace().nth(2));
    sizes.map(|size| size.parse::<u64>().unwrap()).sum()
}

#[test]
#[ignore = "lab"]
fn an_image_is_smaller_by_what_is_reported_and_serves() {
    let app = App::new("pruned-app");
    let project = Project::copy("examples/python-web");
    let built = run(
        project.path(),
        &[&["build", "--json"], NIXPKGS.as_slice()].concat(),
    );
    let built = built.exits(0).json();
    assert_eq!(built.get("pruned"), None);
    let tag = built["images"][0]["image"].as_str().unwrap().to_owned();
    let before = bytes(&tag);
    let told = run(
        project.path(),
        &[&["build", "--json"], with_rules().as_slice()].concat(),
    );
    let told = told.exits(0);
    assert!(told.stderr.contains("left out "), "{told}");
    assert!(
        told.stderr
            .contains("Nothing that is built fits `+ ensurepip/`")
            || told.stderr.contains("`- nothing-like-it`"),
        "{told}"
    );
    let rows = told.json()["pruned"].as_array().unwrap().clone();
    assert_eq!(rows.len(), RULES.len());
    let saved: u64 = rows.iter().map(|row| row["bytes"].as_u64().unwrap()).sum();
    let after = bytes(&tag);
    println!("{before} bytes, {after} with rules, {saved} reported: {rows:?}");
    assert!(saved > 100_000, "{saved}");
    assert_eq!(before - after, saved);
    run(
        project.path(),
        &[&["deploy", "--app", &app.0], with_rules().as_slice()].concat(),
    )
    .exits(0);
    assert!(app.page().contains("Guestbook"));
    // Nothing was built, so there is nothing to say.
    let again = run(
        project.path(),
        &[&["build"], with_rules().as_slice()].concat(),
    )
    .exits(0);
    assert!(!again.stderr.contains("left out "), "{again}");
}

#[test]
#[ignore = "lab"]
fn both_builders_leave_out_the_same() {
    let project = Project::copy("examples/classic-jobs");
    project.write(
        ".slugexclude",
        "# as of old\nshare/locale/\n*.a\nshare/info/\n",
    );
    run(project.path(), &["generate"]).exits(0);
    let build = |kit: &str| {
        let script = format!(
            "cd {}; DOCKER_BUILDKIT={kit} docker build --no-cache --tag pruned-{kit} . 2>&1",
            project.path().display()
        );
        let said = tool("bash", &["-c", &script]);
        let said: Vec<String> = said
            .lines()
            .filter_map(|line| line.split_once("nixdyno-pruned "))
            .map(|(_, words)| words.to_owned())
            // The script itself is shown, too.
            .filter(|words| !words.contains('$'))
            .collect();
        assert_eq!(said.len(), 4, "{said:?}");
        let parts = layers(&format!("pruned-{kit}")).into_iter().take(3);
        (parts.map(|it| it.diff_id).collect::<Vec<_>>(), said)
    };
    assert_eq!(build("1"), build("0"));
}

#[test]
#[ignore = "lab"]
fn what_is_needed_stops_the_build() {
    let project = Project::copy("examples/python-web");
    let refused = |rule: &str| {
        let words = [&["build", "--json", "--prune", rule], NIXPKGS.as_slice()].concat();
        let error = run(project.path(), &words).exits(1).json()["error"].clone();
        let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        (text("id"), text("what"), text("where"))
    };
    let (id, what, place) = refused("*-libexpat1-*/");
    println!("{what}");
    assert_eq!(id, "docker/prune-needed");
    assert!(
        what.contains(" needs /nix/store/") && what.contains("libexpat.so.1"),
        "{what}"
    );
    assert_eq!(place, "the rule `- *-libexpat1-*/` (--prune)");
    for rule in ["bin/guestbook", "*-guestbook-*/", "*-bash-*/bin/"] {
        let (id, what, place) = refused(rule);
        println!("{what}");
        assert_eq!(id, "docker/prune-program", "{rule}");
        assert!(place.contains(rule), "{place}");
    }
    // The same, said by the other builder.
    let words = ["generate", "--prune", "*-libexpat1-*/"];
    run(project.path(), &[&words, NIXPKGS.as_slice()].concat()).exits(0);
    let output = Command::new("docker")
        .args(["build", "."])
        .current_dir(project.path())
        .env("DOCKER_BUILDKIT", "0")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success());
    assert!(
        said.lines()
            .any(|line| line.starts_with("nixdyno[docker/prune-needed] /nix/store/")),
        "{said}"
    );
}

#[test]
#[ignore = "lab"]
fn an_edit_makes_only_the_last_layer_anew_with_rules_too() {
    let project = Project::copy("examples/python-web");
    project.write(
        ".slugexclude",
        "@static\n*.a\nlib/python3*/ensurepip/\nshare/info/\n",
    );
    let plan = nixdyno(project.path(), &["plan"]).output().unwrap();
    let plan = String::from_utf8(plan.stdout).unwrap();
    assert!(
        plan.contains("from .slugexclude:3: stays out of the image"),
        "{plan}"
    );
    let after = only_the_last_changes(&project, &NIXPKGS, |project| {
        let app = project.read("app/app.py");
        project.write("app/app.py", &format!("{app}\n# edited\n"));
    });
    assert!(after[1].paths.len() >= 15);
}
