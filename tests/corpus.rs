//! Every folder of `tests/corpus` is a small project of one shape, with an `expect.json` that says what
//! an inspection without Nix finds. One loop runs them all; `UPDATE_CORPUS=1` writes the files anew.

#![expect(clippy::unwrap_used, reason = "a test may end by it")]

use std::path::{Path, PathBuf};

use nixdyno::inspect::{Ask, Program, Project, inspect};
use nixdyno::shell::Recorded;
use serde_json::{Value, json};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn shapes() -> Vec<PathBuf> {
    let entries = fs_err::read_dir(corpus()).unwrap();
    let mut shapes: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    shapes.sort();
    shapes
}

/// What an expectation says of a project: the answer, the candidates best first, the warnings.
fn summary(project: &Project) -> Value {
    let program = |program: &Program| match program {
        Program::Known { name, .. } => json!(name),
        Program::Unknown { .. } => Value::Null,
    };
    let candidates = project.candidates.iter().map(|it| {
        json!({
            "attribute": it.attribute,
            "from": it.from,
            "package": it.package,
            "program": program(&it.program),
        })
    });
    json!({
        "verdict": project.verdict,
        "candidates": candidates.collect::<Vec<_>>(),
        "processes": project.processes.keys().collect::<Vec<_>>(),
        "pins": project.pins.iter().map(|pin| &pin.name).collect::<Vec<_>>(),
        "recipe": project.recipe,
        "warnings": project.warnings.iter().map(|it| &it.id).collect::<Vec<_>>(),
    })
}

#[test]
fn every_shape_is_read_as_expected() {
    let shapes = shapes();
    assert!(shapes.len() >= 15, "the corpus is there");
    let mut wrong = Vec::new();
    for shape in shapes {
        let project = inspect(&shape, &Ask::default(), &Recorded::new()).unwrap();
        let found = summary(&project);
        let file = shape.join("expect.json");
        #[expect(clippy::disallowed_methods, reason = "a switch of this test only")]
        if std::env::var_os("UPDATE_CORPUS").is_some() {
            fs_err::write(&file, format!("{found:#}\n")).unwrap();
        }
        let expected: Value =
            serde_json::from_str(&fs_err::read_to_string(&file).unwrap()).unwrap();
        if found != expected {
            wrong.push(format!(
                "{}:\n{found:#}\nexpected:\n{expected:#}",
                shape.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_project_survives_the_trip_through_json() {
    for shape in shapes() {
        let project = inspect(&shape, &Ask::default(), &Recorded::new()).unwrap();
        let text = serde_json::to_string(&project).unwrap();
        assert_eq!(serde_json::from_str::<Project>(&text).unwrap(), project);
    }
}
