//! Which files a build gets, and what its copy of them looks like.

use super::*;

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    dir
}

#[test]
fn leaves_out_what_git_ignores_and_git_itself() {
    let dir = project(&[
        ("flake.nix", "{}"),
        (".gitignore", "secret\nresult\n"),
        ("secret", "x"),
        (".git/config", "x"),
        (".cargo/config.toml", "x"),
        ("src/a b.rs", "x"),
    ]);
    symlink("/nix/store/x", dir.path().join("result")).unwrap();
    symlink("flake.nix", dir.path().join("link")).unwrap();
    let context = survey(dir.path()).unwrap();
    let files: Vec<_> = context
        .files
        .iter()
        .map(|(path, _)| path.to_str().unwrap())
        .collect();
    assert_eq!(
        files,
        [
            ".cargo/config.toml",
            ".gitignore",
            "flake.nix",
            "src/a b.rs"
        ]
    );
    assert_eq!(context.links, [PathBuf::from("link")]);
}

#[test]
fn inside_a_repository_the_folders_above_ignore_too() {
    let dir = project(&[
        (".git/HEAD", "x"),
        (".gitignore", "/app/target/\n*.log\n"),
        ("app/flake.nix", "{}"),
        ("app/target/big", "x"),
        ("app/a.log", "x"),
    ]);
    let names = |dir: &Path| -> Vec<String> {
        let context = survey(dir).unwrap();
        context
            .files
            .iter()
            .map(|(path, _)| path.display().to_string())
            .collect()
    };
    assert_eq!(names(&dir.path().join("app")), ["flake.nix"]);
    fs_err::remove_dir_all(dir.path().join(".git")).unwrap();
    assert_eq!(
        names(&dir.path().join("app")),
        ["a.log", "flake.nix", "target/big"]
    );
}

#[test]
fn stages_with_uniform_modes_and_times_and_leaves_nothing() {
    let dir = project(&[
        ("run.sh", "#!/bin/sh"),
        ("a/b", "x"),
        ("Dockerfile", "# Written by nixdyno 9\n"),
        ("a/Dockerfile", "# Written by nixdyno 9\n"),
    ]);
    fs_err::set_permissions(dir.path().join("run.sh"), Permissions::from_mode(0o750)).unwrap();
    fs_err::set_permissions(dir.path().join("a/b"), Permissions::from_mode(0o600)).unwrap();
    let staged = Staged::new(dir.path(), &survey(dir.path()).unwrap()).unwrap();
    staged
        .dockerignore(
            "x
",
        )
        .unwrap();
    let place = staged.folder.path().to_owned();
    let to = staged.context();
    let mode = |path: &str| {
        fs_err::metadata(to.join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o7777
    };
    assert_eq!(
        (mode("run.sh"), mode("a/b"), mode("a")),
        (0o755, 0o644, 0o755)
    );
    let time = fs_err::metadata(to.join("a")).unwrap().modified().unwrap();
    assert_eq!(time, SystemTime::UNIX_EPOCH + Duration::from_secs(1));
    assert!(!to.join("Dockerfile").exists(), "our own file is no source");
    assert!(to.join("a/Dockerfile").exists(), "one elsewhere is");
    assert!(to.join(".dockerignore").exists());
    drop(staged);
    assert!(!place.exists());
}

#[test]
fn our_ignore_file_is_not_written_through_a_link() {
    let dir = project(&[("flake.nix", "{}")]);
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("not-there");
    symlink(&target, dir.path().join(".dockerignore")).unwrap();
    let staged = Staged::new(dir.path(), &survey(dir.path()).unwrap()).unwrap();
    staged.dockerignore("x\n").unwrap();
    assert!(!target.exists());
}

#[test]
fn an_ignore_file_that_cannot_be_read_at_once_is_refused_wherever_it_lies() {
    for folder in ["", "a/b"] {
        let dir = project(&[("flake.nix", "{}"), ("a/b/x", "")]);
        symlink("/dev/zero", dir.path().join(folder).join(".gitignore")).unwrap();
        let error = survey(dir.path()).unwrap_err();
        assert_eq!(error.id(), "context/ignore-file", "{folder}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    insta::assert_snapshot!(unreadable("permission denied: a/b"));
    let error = survey(Path::new("/nonexistent/project")).unwrap_err();
    assert_eq!(error.id(), "context/unreadable");
}

#[test]
fn a_large_context_is_named_with_its_largest_paths() {
    let file = |name: &str, bytes: u64| (PathBuf::from(name), bytes);
    let files = (1..8)
        .map(|n| file(&format!("data/{n}.bin"), n * 10_000_000))
        .collect();
    let context = Context {
        files,
        ..Context::default()
    };
    insta::assert_snapshot!(context.warning().unwrap().what);
    assert_eq!(
        Context {
            files: vec![file("a", LARGE)],
            ..Context::default()
        }
        .warning(),
        None
    );
}
