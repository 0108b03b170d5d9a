//! What is shown, taken and refused, without a Nix.

use super::*;
use crate::inspect::Origin;
use crate::shell::{Dry, Real, Recorded, Tools};

fn path(letter: char) -> StorePath {
    let hash = letter.to_string().repeat(32);
    StorePath::from_base(&format!("{hash}-app")).unwrap()
}

fn plan(from: Origin) -> Plan {
    let text = include_str!("../../tests/fixtures/plan.json");
    let mut plan: Plan = serde_json::from_str(text).unwrap();
    plan.build.from = from;
    plan
}

#[test]
fn what_would_be_run_is_shown_once() {
    for (from, start) in [
        (Origin::Flake, "nix --extra-experimental-features"),
        (Origin::Classic, "nix-instantiate"),
    ] {
        let dry = Dry::new(Real::new(Tools::default(), Vec::new(), |_| {}));
        let runners: [&dyn Runner; 2] = [&dry, &Recorded::new()];
        for runner in runners {
            show(&plan(from), Path::new("."), runner).unwrap();
            let journal = runner.journal();
            assert_eq!(journal.len(), 1, "{journal:?}");
            assert!(journal[0].starts_with(start), "{journal:?}");
            // No folder that isn't there.
            assert!(!journal[0].contains("nixdyno-"), "{journal:?}");
        }
    }
}

#[test]
fn what_was_built_has_a_shell_and_is_warned_of_certificates() {
    let given = [path('a'), path('b')];
    let shell = || {
        let program = |name: &str| format!("{}/bin/{name}", path('b'));
        Some(Shell {
            sh: program("sh"),
            env: program("env"),
        })
    };
    let bundle = format!("{}/etc/ssl/certs/ca-bundle.crt", path('c'));
    let whole = taken(&given, shell(), Some(bundle)).unwrap();
    assert_eq!(whole.warnings, []);
    assert_eq!(roots(&whole), [path('a'), path('b'), path('c')]);
    let bare = taken(&given, shell(), None).unwrap();
    let [warning] = bare.warnings.as_slice() else {
        panic!("{:?}", bare.warnings)
    };
    assert_eq!(warning.id, "nix/no-certificates");
    insta::assert_snapshot!(
        "no_certificates",
        format!("{}\n{}", warning.what, warning.todo)
    );
    insta::assert_snapshot!("no_shell", taken(&given, None, None).unwrap_err());
}

#[test]
fn a_store_elsewhere_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("nix/store");
    fs_err::create_dir_all(&folder).unwrap();
    // A link that leads nowhere is there.
    std::os::unix::fs::symlink("/nowhere", folder.join(path('a').base())).unwrap();
    here(dir.path(), &[path('a')]).unwrap();
    insta::assert_snapshot!(
        "elsewhere",
        here(dir.path(), &[path('a'), path('b')]).unwrap_err()
    );
}
