//! What an image stands on, and what it has beside the app when asked: a release image below it, time zones, locales
//! and the names of protocols.

use crate::common::Project;
use crate::common::matrix::IMAGE;
use crate::lab::{App, run, tool};
use crate::matrix::release_image;

/// A project whose only program says what it finds.
fn project(script: &str) -> Project {
    let text = format!(
        "{{ pkgs ? import <nixpkgs> {{ }} }}: pkgs.writeShellScriptBin \"web\" ''\n{script}\n''"
    );
    Project::new(&[("default.nix", &text)])
}

/// Builds it, and says what its image says when it is started as on Heroku: by a login shell.
fn says(project: &Project, words: &[&str]) -> String {
    let built = run(project.path(), &[&["build", "--json"], words].concat());
    let built = built.exits(0).json();
    let tag = built["images"][0]["image"].as_str().unwrap();
    let dyno = [
        "run",
        "--rm",
        "--read-only",
        "--tmpfs=/tmp",
        "--user=54321:54321",
        "--entrypoint=/bin/sh",
        tag,
        "-l",
        "-c",
        "web",
    ];
    tool("docker", &dyno)
}

#[test]
#[ignore = "lab"]
fn an_image_stands_on_a_release_image_and_breaks_nothing_of_it() {
    release_image();
    let script = r"
        type -P ls curl
        readlink /bin /bin/sh
        cat /etc/passwd
        ${pkgs.coreutils}/bin/tail -n 1 $SSL_CERT_FILE
        ls -d /etc/profile /etc/profile.d/* /nix/* /usr/bin/env
        curl --version > /dev/null && echo curl runs
        ${pkgs.coreutils}/bin/stat -c '%a %u' /app /tmp
        echo $PATH $HOME $PWD";
    let words = ["--root", IMAGE, "--with", "curl"];
    let said = says(&project(script), &words);
    crate::check!("on_a_release_image", said);
    // As docker runs it: no entrypoint gets the command, and PATH is the image's own.
    let project = project(
        "ls -d /bin/ls; echo $PATH; ${pkgs.busybox}/bin/busybox mkdir -p /tmp/x && exec ${pkgs.busybox}/bin/busybox httpd -f -p $PORT -h /tmp/x",
    );
    project.write("Procfile", "web: web\nlist: ls -d /bin/ls /app/bin/web\n");
    let built = run(project.path(), &["build", "--json", "--root", IMAGE]);
    let built = built.exits(0).json();
    let tag = built["images"][0]["image"].as_str().unwrap();
    assert!(tag.contains("list"), "{built}");
    let listed = tool("docker", &["run", "--rm", tag]);
    assert_eq!(listed, "/app/bin/web\n/bin/ls\n");
}

#[test]
#[ignore = "lab"]
fn an_app_on_a_release_image_is_deployed() {
    release_image();
    let app = App::new("on-heroku-24");
    let dir = crate::common::root().join("examples/static-binary");
    let words = ["deploy", "--app", &app.0, "--root", IMAGE];
    run(&dir, &words).exits(0);
    assert!(app.page().contains("Hello"));
    let again = run(&dir, &[words.as_slice(), &["--json"]].concat()).exits(0);
    assert_eq!(again.json()["changed"], false, "{again}");
}

#[test]
#[ignore = "lab"]
fn an_image_to_stand_on_that_is_not_there_is_named() {
    let words = ["build", "--root", "registry.localhost:1/no/such:1"];
    let failed = run(project("true").path(), &words).exits(75);
    assert!(failed.stderr.contains("[docker/no-root]"), "{failed}");
}

/// Asks the C library of the package set.
const ASK: &str = r#"
    TZ=Europe/Berlin ${pkgs.coreutils}/bin/date -d @1700000000 +%H:%M
    LC_ALL=de_DE.UTF-8 ${pkgs.coreutils}/bin/date -d @1700000000 +%A
    ${pkgs.python3}/bin/python3 -c 'import socket
    try: print(socket.getprotobyname("udp"))
    except OSError as e: print("no protocols")'
    echo "$TZDIR $LOCALE_ARCHIVE"
    for it in "$TZDIR/Europe/Berlin" "$LOCALE_ARCHIVE"; do if [ -f "$it" ]; then echo there; fi; done"#;

#[test]
#[ignore = "lab"]
fn time_zones_locales_and_protocols_are_there_when_asked_for() {
    let project = project(ASK);
    let with = ["--with=tzdata", "--with=glibcLocales", "--with=iana-etc"];
    let said = says(&project, &with);
    let places = "/usr/share/zoneinfo /usr/lib/locale/locale-archive";
    assert_eq!(
        said,
        format!("23:13\nDienstag\n17\n{places}\nthere\nthere\n")
    );
    let said = says(&project, &[]);
    assert_eq!(said, "22:13\nTuesday\nno protocols\n \n");
}
