//! Projects that somebody made to do harm: what they say must not reach the terminal as anything but text, and
//! what they put in place of files must not be waited for.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::common::{Outcome, Project, nixdyno, run};

/// Texts that forge a section, colour, hide, clear the screen, ring, or turn the reading direction.
const HOSTILE: &[&str] = &[
    "a\n\nTo watch\n  everything is well",
    "a\u{1b}[31mred\u{1b}[8mhidden\u{1b}[2J",
    "a\u{9b}31m\u{7}\r\u{8}",
    "a\u{2028}b\u{202e}c\u{2066}",
    "a\tb \u{1}c\u{2}",
];

const VERBS: &[&[&str]] = &[
    &["inspect"],
    &["inspect", "--color", "always"],
    &["plan"],
    &["plan", "--color", "always"],
    &["generate", "--dry-run"],
    &["generate", "--check"],
    &["generate", "heroku-yml", "--check"],
];

fn bare(dir: &Path, args: &[&str]) -> Outcome {
    run(nixdyno(dir, args).env_clear().env("PATH", "/nonexistent"))
}

/// Runs every verb, with and without `--json`.
#[track_caller]
fn all(dir: &Path) {
    for verb in VERBS {
        let told = bare(dir, verb);
        assert!((0..=1).contains(&told.code), "{verb:?}: {told}");
        let own = [
            "\u{1b}[0m",
            "\u{1b}[1m",
            "\u{1b}[31m",
            "\u{1b}[33m",
            "\u{1b}[35m",
            "\u{1b}[36m",
        ];
        for mut text in [told.stdout.clone(), told.stderr.clone()] {
            if verb.contains(&"always") {
                // Red is only for the margin of errors.
                text = text.replace("\u{1b}[31m\u{1b}[1m !\u{1b}[0m", " !");
                for code in own.iter().filter(|it| **it != "\u{1b}[31m") {
                    text = text.replace(code, "");
                }
            }
            let raw = text.chars().find(|c| {
                let turns = matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
                *c != '\n' && (c.is_control() || turns)
            });
            assert_eq!(raw, None, "{verb:?}: {text:?}");
            assert!(
                !text.contains("\nTo watch\n  everything"),
                "{verb:?}: {text}"
            );
        }
        let mut words = verb.to_vec();
        words.push("--json");
        let document = bare(dir, &words);
        assert!((0..=1).contains(&document.code), "{words:?}: {document}");
        document.json();
    }
}

/// A text as Nix writes it.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn flake(program: &str, description: &str) -> String {
    let (program, description) = (quoted(program), quoted(description));
    format!(
        r#"{{ description = "{description}"; outputs = {{ self }}: {{ packages.x86_64-linux.default = derivation {{ name = "{program}"; system = "x86_64-linux"; builder = ./x; }} // {{ meta.mainProgram = "{program}"; }}; }}; }}"#
    )
}

#[test]
fn names_are_text_and_nothing_else() {
    for text in HOSTILE {
        let flake = flake(text, text);
        all(Project::new(&[("flake.nix", &flake)]).path());
        let procfile = format!("web: {}\n", text.replace('\n', " "));
        let project = Project::new(&[("flake.nix", &flake), ("Procfile", &procfile)]);
        all(project.path());
        let toml = format!("{} = 1\n", serde_json::json!(text));
        let project = Project::new(&[("flake.nix", &flake), ("nixdyno.toml", &toml)]);
        all(project.path());
        let attribute = format!(
            r#"{{ outputs = i: {{ packages.x86_64-linux."{0}" = derivation {{ name = "a"; system = "x86_64-linux"; builder = ./x; }}; }}; }}"#,
            quoted(text)
        );
        all(Project::new(&[("flake.nix", &attribute)]).path());
        let broken = format!("{{ outputs = \"{}", quoted(text));
        all(Project::new(&[("flake.nix", &broken)]).path());
        let pins = serde_json::json!({ text.to_owned(): { "branch": text, "type": "tarball", "url": text, "rev": text } });
        let project = Project::new(&[
            ("flake.nix", &flake),
            ("nix/sources.json", &pins.to_string()),
        ]);
        all(project.path());
    }
}

#[test]
fn folders_are_text_and_nothing_else() {
    for text in HOSTILE {
        let project = Project::new(&[]);
        let dir = project.path().join(text);
        std::fs::create_dir_all(dir.join(text)).unwrap();
        std::fs::write(dir.join("flake.nix"), flake("a", "b")).unwrap();
        std::fs::write(dir.join(text).join("a.nix"), "{ }").unwrap();
        all(&dir);
    }
}

#[test]
fn names_that_are_no_text_are_left_out() {
    let project = Project::new(&[("flake.nix", &flake("a", "b"))]);
    let dir = project.path().join(OsStr::from_bytes(b"a\xff"));
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(dir.join("package.json"), "{}").unwrap();
    std::fs::write(dir.join("flake.nix"), flake("a", "b")).unwrap();
    all(project.path());
    let document = bare(project.path(), &["inspect", "--json"]).exits(0).json();
    assert_eq!(
        document["recipe"].as_array().unwrap().len(),
        1,
        "{document}"
    );
    all(&dir);
}

#[test]
fn long_values_are_cut_for_people() {
    let long = "x".repeat(5_000);
    let project = Project::new(&[("flake.nix", &flake(&long, "b"))]);
    all(project.path());
    let told = bare(project.path(), &["inspect"]);
    assert!(told.stdout.contains('…'), "{told}");
    assert!(
        told.stdout.lines().all(|it| it.chars().count() < 1_200),
        "{told}"
    );
    let pins: serde_json::Map<_, _> = (0..50)
        .map(|it| {
            (
                format!("p{it:02}"),
                serde_json::json!({ "type": "tarball", "url": "https://x.example", "rev": "1" }),
            )
        })
        .collect();
    let pins = serde_json::Value::from(pins).to_string();
    let project = Project::new(&[("flake.nix", &flake("a", "b")), ("nix/sources.json", &pins)]);
    let told = bare(project.path(), &["inspect"]);
    assert!(
        told.stdout.contains("  and 30 more: --json lists them"),
        "{told}"
    );
}

/// What is refused, and that it is said with its id.
#[track_caller]
fn refused(project: &Project, id: &str) {
    for verb in [&["inspect"][..], &["plan"], &["generate", "--check"]] {
        let told = bare(project.path(), verb).exits(1);
        assert!(told.stderr.contains(&format!("[{id}]")), "{told}");
        let told = bare(project.path(), &[verb, &["--json"]].concat()).exits(1);
        assert_eq!(told.json()["error"]["id"], id);
    }
}

fn pipe(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn ignore_files_that_never_end_are_refused() {
    let start = || Project::new(&[("flake.nix", &flake("a", "b")), ("a/b/c.txt", "")]);
    let project = start();
    symlink("/dev/zero", project.path().join(".gitignore")).unwrap();
    refused(&project, "context/ignore-file");
    for place in [".gitignore", "a/b/.gitignore", ".git/info/exclude"] {
        let project = start();
        pipe(&project.path().join(place));
        refused(&project, "context/ignore-file");
    }
    let project = start();
    let huge = std::fs::File::create(project.path().join(".gitignore")).unwrap();
    huge.set_len(50 << 20).unwrap();
    refused(&project, "context/ignore-file");
}

#[test]
fn links_out_of_the_project_are_refused() {
    let names = [
        "Procfile",
        "nixdyno.toml",
        "flake.lock",
        "nix/sources.json",
        "heroku.yml",
    ];
    for name in names {
        let project = Project::new(&[("flake.nix", &flake("a", "b")), ("nix/x", "")]);
        symlink("/etc/passwd", project.path().join(name)).unwrap();
        let id = if name == "nixdyno.toml" {
            "settings/config"
        } else {
            "inspect/outside"
        };
        refused(&project, id);
        let told = bare(project.path(), &["inspect"]);
        assert!(
            told.stderr.contains("outside the project") && !told.stderr.contains("root:"),
            "{told}"
        );
    }
    // This one is only looked at in passing.
    let project = Project::new(&[("flake.nix", &flake("a", "b"))]);
    symlink("/etc/passwd", project.path().join(".gitmodules")).unwrap();
    let told = bare(project.path(), &["inspect"]).exits(0);
    assert!(!told.stdout.contains("root:"), "{told}");
}

/// Nix evaluates what somebody else wrote, and that could read every variable.
#[test]
fn nix_gets_no_secret() {
    use std::os::unix::fs::PermissionsExt;

    let tools = tempfile::tempdir().unwrap();
    let seen = tools.path().join("seen");
    let script = format!("#!/bin/sh\n/usr/bin/env >> {}\nexit 1\n", seen.display());
    for tool in ["nix", "nix-instantiate"] {
        let path = tools.path().join(tool);
        std::fs::write(&path, &script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let project = Project::new(&[("default.nix", "{ }")]);
    run(
        nixdyno(project.path(), &["inspect", "--secret", "netrc=env:MINE"])
            .env("PATH", tools.path())
            .env("HEROKU_API_KEY", "hunter2")
            .env("AWS_SECRET_ACCESS_KEY", "hunter3")
            .env("MINE", "hunter4")
            .env("OTHER", "is there"),
    );
    let seen = std::fs::read_to_string(&seen).unwrap();
    assert!(seen.contains("OTHER=is there"), "{seen}");
    assert!(!seen.contains("hunter"), "{seen}");
}
