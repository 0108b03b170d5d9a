//! Every folder of `tests/corpus` is a project of one shape, with an `expect.json`: the answer that a careful
//! person gives. An inspection without Nix is held against it; `expected.rs` says what counts as right.

#![expect(clippy::unwrap_used, reason = "a test may end by it")]

#[path = "common/expected.rs"]
mod expected;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nixdyno::inspect::{Project, SCHEMA, inspect};
use nixdyno::plan::{Wishes, plan};
use nixdyno::shell::Recorded;

use expected::{Case, Table};

/// Inspects a copy: in place, the repository around the corpus would be asked what git has.
fn read(case: &Case) -> Project {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join(&case.name);
    copy(&case.dir, &dir);
    inspect(&dir, &case.ask(), &Recorded::new()).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy(&from, &to);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs_err::read_link(from).unwrap(), to).unwrap();
        } else {
            fs_err::copy(from, to).unwrap();
        }
    }
}

#[test]
fn reading_gives_the_answer_of_a_careful_person() {
    let cases = expected::cases();
    assert!(cases.len() >= 60, "the corpus is there");
    let evaluate = cases.iter().filter(|case| case.evaluates());
    assert!(evaluate.count() >= 50, "most of it evaluates");
    let table = Table::of(cases.iter().map(|case| case.judge(&read(case))));
    println!("{table}");
    table.check(85);
    insta::assert_snapshot!("corpus_read", table);
}

#[test]
fn a_project_survives_the_trip_through_json_and_fits_its_schema() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for case in expected::cases() {
        let project = read(&case);
        let text = serde_json::to_string(&project).unwrap();
        assert_eq!(serde_json::from_str::<Project>(&text).unwrap(), project);
        let value = serde_json::to_value(&project).unwrap();
        let errors: Vec<String> = schema
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", case.name);
    }
}

/// The wizard without a person, and the files that it leaves.
fn init(case: &Case) -> Result<bool, String> {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join(&case.name);
    copy(&case.dir, &dir);
    let project = inspect(&dir, &case.ask(), &Recorded::new()).unwrap();
    let planned = plan(&project, &Wishes::default());
    let mut words = vec!["init", "--yes", "--no-input", "--no-eval", "--quiet"];
    let file = case.ask().file.map(|file| file.to_string());
    words.extend(file.iter().flat_map(|file| ["--file", file.as_str()]));
    let ran = nixdyno(&dir, &words);
    let Err(refused) = planned else {
        if !ran.0 {
            return Err(ran.1);
        }
        // What init wrote in nixdyno.toml is read by every other command.
        let checked = nixdyno(&dir, &["generate", "--check", "--no-eval"]);
        return if checked.0 { Ok(true) } else { Err(checked.1) };
    };
    let same = !ran.0 && ran.1.contains(&format!("[{}]", refused.id()));
    let clean = !dir.join("nixdyno.toml").exists() && !dir.join("Dockerfile").exists();
    if same && clean {
        Ok(false)
    } else {
        Err(format!("{refused}\n{}", ran.1))
    }
}

/// Whether the binary ended well, and all that it said.
#[expect(clippy::disallowed_types, reason = "the binary, from outside")]
fn nixdyno(dir: &Path, words: &[&str]) -> (bool, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_nixdyno"));
    command.args(words).current_dir(dir).env_clear();
    let output = command.stdin(std::process::Stdio::null()).output().unwrap();
    let all = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&all).into_owned(),
    )
}

#[test]
fn what_init_writes_is_what_generate_would_write() {
    let cases = expected::cases();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let result = init(case);
                    results.lock().unwrap().insert(case.name.clone(), result);
                }
            });
        }
    });
    let results = results.into_inner().unwrap();
    let wrong = results
        .iter()
        .filter_map(|(name, it)| Some((name, it.as_ref().err()?)));
    let wrong: Vec<String> = wrong.map(|(name, it)| format!("{name}: {it}")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let written = results.values().filter(|it| **it == Ok(true)).count();
    assert!(written >= 70, "{written} of {}", results.len());
}
