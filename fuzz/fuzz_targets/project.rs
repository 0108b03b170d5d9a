//! A project on disk, as one input after the other has it.

use std::path::PathBuf;
use std::sync::OnceLock;

use nixdyno::inspect::{Ask, Project, Verdict, inspect as look};
use nixdyno::plan::{Plan, Wishes, plan};
use nixdyno::render::render;
use nixdyno::shell::Recorded;

/// One folder for the whole run, in memory where the machine has such a place.
fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let memory = PathBuf::from("/dev/shm");
        let place = if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        };
        tempfile::Builder::new()
            .prefix("nixdyno-fuzz.")
            .tempdir_in(place)
            .expect("a temporary folder")
            .keep()
    })
}

/// Inspects without Nix; a project that can be deployed must give a plan or an error, and the plan its files.
pub fn inspect(files: &[(&str, &[u8])]) {
    let dir = folder();
    for (name, bytes) in files {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let Ok(project) = look(dir, &Ask::default(), &Recorded::new()) else {
        return;
    };
    let text = serde_json::to_string(&project).expect("a project is plain data");
    let again: Project = serde_json::from_str(&text).expect("and can be read back");
    assert_eq!(again, project);
    if project.verdict == Verdict::Deploy {
        assert!(!project.candidates.is_empty());
    }
    if let Ok(planned) = plan(&project, &Wishes::default()) {
        check(&planned);
    }
}

/// A plan is plain data, and its files are a function of it.
pub fn check(plan: &Plan) {
    let text = serde_json::to_string(plan).expect("a plan is plain data");
    let again: Plan = serde_json::from_str(&text).expect("and can be read back");
    assert_eq!(&again, plan);
    let (Ok(one), Ok(other)) = (render(plan), render(&again)) else {
        return;
    };
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}
