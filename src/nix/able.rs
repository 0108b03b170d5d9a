//! Whether the Nix of this machine can build what a dyno runs.
//!
//! Takes what Nix says of its settings and its store; gives [`Able`]. A few questions of some fifty milliseconds each, and
//! nothing is built: that a builder elsewhere answers is not known before it is asked to build.

use std::time::Duration;

use serde_json::Value;

use crate::error::{Kind, Result};
use crate::shell::{Captured, Cmd, Runner, Tool};

use super::evaluate::SYSTEM;

/// A daemon that hangs is none.
const DEADLINE: Duration = Duration::from_secs(10);

/// How many bytes of a list of machines are read.
const MOST: u64 = 1 << 20;

/// Whether it can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Able {
    /// It can.
    Yes {
        /// Who builds.
        how: How,
    },
    /// It can't; why, as words that follow "this machine can't build it: ".
    No(String),
}

/// Who builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// This machine, which is of that kind.
    Here,
    /// This machine, which plays one of that kind.
    Emulated,
    /// Another machine that Nix knows.
    Remote,
}

/// Asks.
///
/// Errors: Ctrl-C.
pub fn able(runner: &dyn Runner) -> Result<Able> {
    // Old names and new, and one from before there were features.
    let settings: [&[&str]; 2] = [&["config", "show", "--json"], &["show-config", "--json"]];
    let Some(settings) = first(runner, &settings)? else {
        return Ok(Able::No(
            "there is no Nix that says its settings".to_owned(),
        ));
    };
    let Ok(settings) = serde_json::from_str::<Value>(settings.stdout.trim()) else {
        return Ok(Able::No(
            "Nix says its settings in no known form".to_owned(),
        ));
    };
    let how = match how(&settings) {
        Ok(how) => how,
        Err(why) => return Ok(Able::No(why)),
    };
    let ping: [&[&str]; 2] = [&["store", "info"], &["store", "ping"]];
    let Some(store) = first(runner, &ping)? else {
        let why = "Nix can't open its store: is its daemon running?";
        return Ok(Able::No(why.to_owned()));
    };
    Ok(match elsewhere(&store) {
        Some(url) => Able::No(format!("its Nix keeps what it builds elsewhere, in {url}")),
        None => Able::Yes { how },
    })
}

/// The first of some questions that is answered.
fn first(runner: &dyn Runner, questions: &[&[&str]]) -> Result<Option<Captured>> {
    let features: &[&str] = &["--extra-experimental-features", "nix-command flakes"];
    let with = questions.iter().map(|it| (features, *it));
    let without = questions.iter().map(|it| (&[][..], *it));
    for (features, question) in with.chain(without) {
        let cmd = Cmd::reads(Tool::Nix)
            .args(features.iter().copied())
            .args(question.iter().copied())
            .deadline(DEADLINE);
        match runner.capture(&cmd) {
            Ok(answer) if answer.success() => return Ok(Some(answer)),
            // Another name, or another place for it, changes nothing about a store that doesn't open.
            Ok(answer) if !is_unknown(&answer.stderr) => return Ok(None),
            Ok(_) => {}
            Err(error) if error.kind() == Kind::Interrupted => return Err(error),
            Err(_) => return Ok(None),
        }
    }
    Ok(None)
}

/// Whether Nix doesn't know what it was asked.
fn is_unknown(stderr: &str) -> bool {
    let words = [
        "is not a recognised command",
        "unrecognised flag",
        "unrecognised option",
        "experimental",
    ];
    words.iter().any(|it| stderr.contains(it))
}

/// Who builds by these settings, or why nobody.
fn how(settings: &Value) -> std::result::Result<How, String> {
    let value = |name: &str| settings.get(name).and_then(|it| it.get("value"));
    let system = value("system").and_then(Value::as_str).unwrap_or_default();
    if system == SYSTEM {
        return Ok(How::Here);
    }
    let platforms = value("extra-platforms").map(words).unwrap_or_default();
    if platforms.iter().any(|it| it == SYSTEM) {
        return Ok(How::Emulated);
    }
    let builders = value("builders").and_then(Value::as_str);
    let builders = builders.unwrap_or_default().trim();
    let listed = match builders.strip_prefix('@') {
        Some(file) => machines(file.trim()),
        None => builders.to_owned(),
    };
    // Determinate Nix has programs that build; how they are written down is its own matter.
    let programs = value("external-builders").map(Value::to_string);
    if names_system(&listed, system) || programs.is_some_and(|it| it.contains(SYSTEM)) {
        return Ok(How::Remote);
    }
    Err(format!(
        "its Nix builds for {}, and knows no builder for {SYSTEM}",
        if system.is_empty() {
            "another system"
        } else {
            system
        }
    ))
}

/// A list as JSON has it: one of texts, or one text.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => {
            let texts = list.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// The list of machines in a file; empty where there is none, as Nix has it.
fn machines(file: &str) -> String {
    use std::io::Read;
    let mut text = String::new();
    if let Ok(file) = fs_err::File::open(file) {
        // What can't be read has no machine in it.
        let _ = file.take(MOST).read_to_string(&mut text);
    }
    text
}

/// Whether one of the machines builds for a dyno. Each is on a line or between semicolons: where it is, its systems with
/// commas between, and more. Without systems it is one like this machine.
fn names_system(list: &str, local: &str) -> bool {
    let lines = list
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let mut machines = lines.flat_map(|line| line.split(';'));
    machines.any(|machine| {
        let mut words = machine.split_whitespace();
        let there = words.next().is_some();
        let systems = words.next().filter(|it| *it != "-").unwrap_or(local);
        there && systems.split(',').any(|it| it == SYSTEM)
    })
}

/// Where the store is, if its paths don't lie in `/nix/store` of this machine.
fn elsewhere(answer: &Captured) -> Option<String> {
    // Said to one stream by some, and to the other by others.
    let lines = answer.stdout.lines().chain(answer.stderr.lines());
    let mut urls = lines.filter_map(|line| line.trim().strip_prefix("Store URL:"));
    let url = urls.next()?.trim();
    let scheme = url.split([':', '?']).next().unwrap_or_default();
    let here = ["local", "daemon", "auto", "unix"].contains(&scheme) && !url.contains("root=");
    (!here).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::shell::Recorded;

    fn settings(system: &str, platforms: &[&str], builders: &str) -> Value {
        json!({
            "system": {"value": system},
            "extra-platforms": {"value": platforms},
            "builders": {"value": builders},
        })
    }

    const FEATURES: &str = "nix --extra-experimental-features 'nix-command flakes'";

    #[test]
    fn the_system_the_platforms_and_the_builders_count() {
        let says =
            |system, platforms: &[&str], builders| how(&settings(system, platforms, builders));
        assert_eq!(says(SYSTEM, &[], ""), Ok(How::Here));
        assert_eq!(
            says("aarch64-linux", &["i686-linux", SYSTEM], ""),
            Ok(How::Emulated)
        );
        let mac = "aarch64-darwin";
        for builders in [
            "ssh-ng://builder x86_64-linux",
            "ssh://a aarch64-linux - 4 ; ssh://b aarch64-linux,x86_64-linux /key 8",
            "# none\nssh://a x86_64-linux",
        ] {
            assert_eq!(says(mac, &[], builders), Ok(How::Remote), "{builders}");
        }
        for builders in [
            "",
            "@/nowhere/at/all",
            "ssh://a",
            "ssh://x86_64-linux -",
            "#x x86_64-linux",
            " ; ",
        ] {
            assert!(says(mac, &[], builders).is_err(), "{builders}");
        }
        let determinate = json!({
            "system": {"value": mac},
            "external-builders": {"value": [{"systems": ["aarch64-linux", SYSTEM]}]},
        });
        assert_eq!(how(&determinate), Ok(How::Remote));
        insta::assert_snapshot!(says(mac, &[], "ssh://a").unwrap_err());
    }

    #[test]
    fn machines_may_be_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("machines");
        fs_err::write(&file, "# mine\nssh://builder x86_64-linux,i686-linux\n").unwrap();
        let builders = format!("@{}", file.display());
        assert_eq!(
            how(&settings("aarch64-darwin", &[], &builders)),
            Ok(How::Remote)
        );
    }

    #[test]
    fn old_names_and_new_are_asked() {
        let config = settings(SYSTEM, &[], "").to_string();
        let runner = Recorded::new()
            .answer(
                &format!("{FEATURES} config"),
                1,
                "",
                "error: 'config' is not a recognised command",
            )
            .answer(&format!("{FEATURES} show-config"), 0, &config, "")
            .answer(
                &format!("{FEATURES} store info"),
                1,
                "",
                "error: 'info' is not a recognised command",
            )
            .answer(
                &format!("{FEATURES} store ping"),
                0,
                "",
                "Store URL: daemon\nVersion: 2.8.0",
            );
        assert_eq!(able(&runner).unwrap(), Able::Yes { how: How::Here });
        // Before there were features.
        let runner = Recorded::new()
            .answer(
                "nix --extra",
                1,
                "",
                "error: unrecognised flag '--extra-experimental-features'",
            )
            .answer("nix show-config", 0, &config, "")
            .answer(
                "nix config",
                1,
                "",
                "error: 'config' is not a recognised command",
            );
        assert_eq!(able(&runner).unwrap(), Able::Yes { how: How::Here });
    }

    #[test]
    fn a_store_that_is_shut_or_elsewhere_is_none() {
        let config = settings(SYSTEM, &[], "").to_string();
        let with = |status, stdout: &str, stderr: &str| {
            let runner = Recorded::new()
                .answer(&format!("{FEATURES} config"), 0, &config, "")
                .answer(&format!("{FEATURES} store"), status, stdout, stderr);
            match able(&runner).unwrap() {
                Able::No(why) => why,
                Able::Yes { how } => format!("{how:?}"),
            }
        };
        assert_eq!(
            with(0, "Store URL: local\nVersion: 2.26.3\nTrusted: 1", ""),
            "Here"
        );
        let shut = "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket'";
        let all = [
            with(1, "", shut),
            with(
                0,
                "Store URL: local?root=/home/me/.local/share/nix/root",
                "",
            ),
            with(0, "", "Store URL: /home/me/.local/share/nix/root"),
        ];
        insta::assert_snapshot!(all.join("\n"));
        let none = Recorded::new().answer("nix", 127, "", "no such program");
        assert!(matches!(able(&none).unwrap(), Able::No(_)));
    }

    proptest! {
        #[test]
        fn no_list_of_machines_makes_it_panic(text in "\\PC*|([a-z@;#, \n-]|x86_64-linux){0,30}") {
            let _ = how(&settings("aarch64-darwin", &[&text], &text));
            let captured = Captured { status: 0, stdout: format!("Store URL:{text}"), stderr: text };
            let _ = elsewhere(&captured);
        }
    }

    /// In the lab, with the Nix that it has.
    #[test]
    #[ignore = "needs the lab: tests/lab/run.sh"]
    fn the_nix_of_the_lab_can() {
        let runner = crate::shell::Real::new(crate::shell::Tools::find(), Vec::new(), |_| {});
        assert_eq!(able(&runner).unwrap(), Able::Yes { how: How::Here });
    }
}
