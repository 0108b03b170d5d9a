//! Every folder of `tests/corpus` is a project of one shape, with an `expect.json`: the answer that a careful
//! person gives. An inspection without Nix is held against it; `expected.rs` says what counts as right.

#![expect(clippy::unwrap_used, reason = "a test may end by it")]

#[path = "common/expected.rs"]
mod expected;

use std::path::Path;

use nixdyno::inspect::{Project, SCHEMA, inspect};
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
