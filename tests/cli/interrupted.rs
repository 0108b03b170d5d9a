//! Ctrl-C while Nix evaluates.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::check;
use crate::common::{Outcome, Project, nixdyno};

#[test]
fn while_nix_evaluates() {
    let project = Project::new(&[
        (
            "flake.nix",
            "{ outputs = { self }: { packages.x86_64-linux.default = derivation { name = \"a\"; }; }; }",
        ),
        ("bin/nix", "#!/bin/sh\ntouch \"$TMPDIR/asked\"\nsleep 60\n"),
        ("tmp/keep", ""),
    ]);
    let nix = project.path().join("bin/nix");
    std::fs::set_permissions(&nix, std::fs::Permissions::from_mode(0o755)).unwrap();
    let temporary = project.path().join("tmp");
    let child = nixdyno(project.path(), &["inspect"])
        .env(
            "PATH",
            format!("{}:/usr/bin:/bin", nix.parent().unwrap().display()),
        )
        .env("TMPDIR", &temporary)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !temporary.join("asked").exists() {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "nix was never asked"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let outcome = Outcome::of(&child.wait_with_output().unwrap()).exits(130);
    check!("inspect", outcome);
    assert!(
        start.elapsed() < Duration::from_secs(40),
        "it waited for nix to end"
    );
    let left = std::fs::read_dir(&temporary).unwrap().count();
    assert_eq!(left, 2, "a temporary folder is left");
}
