//! What Nix answered: a value, or which kind of refusal.

use serde_json::Value;

use crate::shell::Captured;

/// How many lines of Nix's words are kept.
const MOST_LINES: usize = 12;

/// An answer to a question that Nix may refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    /// The value.
    Known(T),
    /// There is no such attribute.
    Absent,
    /// The expressions are wrong; Nix's own words.
    Refused(Vec<String>),
    /// The expressions import what must be built first, and building was not allowed
    /// ([`super::Nix::import_from_derivation`]); Nix's own words.
    NeedsBuild(Vec<String>),
    /// Nix could not try: no network, too little memory or time, a missing feature; in plain words
    /// or Nix's own.
    Unable(Vec<String>),
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Absent,
    NeedsBuild,
    Memory,
    Unable,
}

/// Words of Nix and what they mean, the first that fits. Matched in its last error, whatever its version; an
/// error without any of them is one of the expressions.
///
/// With git Nix's last error tells little: what failed is somewhere before it. So all trouble with a
/// fetch counts as being unable, also where the input itself is wrong.
const MEANINGS: &[(&str, Why)] = &[
    ("does not provide attribute", Why::Absent),
    ("allow-import-from-derivation", Why::NeedsBuild),
    ("during evaluation because", Why::NeedsBuild),
    // `nix-instantiate --eval` writes no derivations: what is to be built isn't even there.
    (".drv' is not valid", Why::NeedsBuild),
    ("error: out of memory", Why::Memory),
    ("std::bad_alloc", Why::Memory),
    ("Cannot allocate memory", Why::Memory),
    // The network.
    ("unable to download", Why::Unable),
    // A lock that a newer Nix wrote.
    ("input attribute", Why::Unable),
    ("resolve host", Why::Unable),
    ("Network is unreachable", Why::Unable),
    ("name resolution", Why::Unable),
    ("timed out", Why::Unable),
    ("cannot fetch", Why::Unable),
    ("unable to fetch", Why::Unable),
    ("Failed to fetch", Why::Unable),
    ("program 'git' failed", Why::Unable),
    ("resolving Git reference", Why::Unable),
    ("Cannot find Git revision", Why::Unable),
    ("cannot find Git revision", Why::Unable),
    // Another Nix than the one asked.
    ("experimental Nix feature", Why::Unable),
    ("experimental Lix feature", Why::Unable),
    ("experimental feature", Why::Unable),
    ("unrecognised flag", Why::Unable),
    ("unrecognised option", Why::Unable),
    ("is not a recognised command", Why::Unable),
    // `inputs.self.submodules` and the like: later versions know more of them.
    ("unexpected flake input attribute", Why::Unable),
    // This machine.
    // `<nixpkgs>` of this machine; the build has that of the base image.
    ("in the Nix search path", Why::Unable),
    ("is required to build", Why::Unable),
    ("cannot connect to", Why::Unable),
    ("daemon-socket", Why::Unable),
    ("Permission denied", Why::Unable),
    ("Read-only file system", Why::Unable),
    ("No space left on device", Why::Unable),
    ("disk is full", Why::Unable),
    ("is busy", Why::Unable),
    ("interrupted by the user", Why::Unable),
];

/// Reads an answer's JSON with `read`; an exit code other than 0 is a refusal of some kind.
pub(super) fn answer<T>(captured: &Captured, read: impl FnOnce(&Value) -> Option<T>) -> Answer<T> {
    if captured.success() {
        // Nix 2.8 prints JSON as it evaluates: only a whole text, with exit code 0, is an answer.
        let value = serde_json::from_str(captured.stdout.trim()).ok();
        let known = value.as_ref().and_then(read);
        return known.map_or_else(
            || Answer::Unable(vec!["its answer could not be read".to_owned()]),
            Answer::Known,
        );
    }
    let Some(words) = words(&captured.stderr) else {
        return Answer::Unable(nothing_said(captured));
    };
    let message = words.join("\n");
    let meaning = MEANINGS.iter().find(|(said, _)| message.contains(said));
    match meaning.map(|(_, why)| why) {
        None => Answer::Refused(words),
        Some(Why::Absent) => Answer::Absent,
        Some(Why::NeedsBuild) => Answer::NeedsBuild(words),
        Some(Why::Unable) => Answer::Unable(words),
        Some(Why::Memory) => {
            Answer::Unable(vec!["Nix took too much memory, and was stopped".to_owned()])
        }
    }
}

/// The last error that Nix printed, without the traces before it; `None` when there is none.
fn words(stderr: &str) -> Option<Vec<String>> {
    let lines: Vec<&str> = stderr.lines().collect();
    let is_error = |line: &&str| line.trim_start().starts_with("error:") && line.trim() != "error:";
    let start = lines.iter().rposition(is_error)?;
    let last = lines.iter().skip(start).map(|line| line.trim_end());
    let last = last.filter(|line| !line.is_empty() && !line.contains("--show-trace"));
    Some(last.take(MOST_LINES).map(str::to_owned).collect())
}

/// The error in what Nix called one, without the traces before it; all of it where no line starts so.
pub(super) fn last_error(text: &str) -> Vec<String> {
    let all = || text.lines().take(MOST_LINES).map(str::to_owned).collect();
    words(text).unwrap_or_else(all)
}

/// A process that ended without an error of Nix: killed, or not Nix at all.
fn nothing_said(captured: &Captured) -> Vec<String> {
    let mut words = vec![match captured.status {
        // Of coreutils' `timeout`, which watches inside a container.
        124 | 137 => "Nix took too long or too much memory, and was stopped".to_owned(),
        status if status > 128 => format!("Nix was ended by signal {}", status - 128),
        status => format!("Nix ended with exit code {status}, and said no error"),
    }];
    words.extend(captured.tail(MOST_LINES - 1));
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(stderr: &str) -> Answer<()> {
        let captured = Captured {
            status: 1,
            stdout: "{\"half\":".to_owned(),
            stderr: stderr.to_owned(),
        };
        answer(&captured, |_| Some(()))
    }

    /// What Nix 2.8 and 2.26 printed, each below a line `=== VERSION WHAT: MEANING`.
    #[test]
    fn refusals_of_real_nix_are_told_apart() {
        let mut cases = 0;
        for case in include_str!("refusals.txt").split("=== ").skip(1) {
            let (head, stderr) = case.split_once('\n').unwrap();
            let (_, expected) = head.split_once(": ").unwrap();
            let found = refusal(stderr);
            let name = match &found {
                Answer::Known(()) => "known",
                Answer::Absent => "absent",
                Answer::Refused(_) => "refused",
                Answer::NeedsBuild(_) => "needs a build",
                Answer::Unable(_) => "unable",
            };
            assert_eq!(name, expected, "{head}: {found:?}");
            cases += 1;
        }
        assert!(cases >= 40, "{cases} cases");
    }

    #[test]
    fn a_refusal_without_an_error_says_how_it_ended() {
        let ended = |status, stderr: &str| {
            let captured = Captured {
                status,
                stderr: stderr.to_owned(),
                ..Captured::default()
            };
            match answer(&captured, |_| Some(())) {
                Answer::Unable(words) => words.join("\n"),
                other => panic!("{other:?}"),
            }
        };
        let words = [
            ended(137, ""),
            ended(139, ""),
            ended(127, "OCI runtime exec failed: no such file"),
            ended(1, "error: out of memory"),
        ];
        insta::assert_debug_snapshot!(words);
    }

    proptest! {
        #[test]
        fn no_words_make_it_panic(text in "\\PC*|(error:|\n| |a){0,20}") {
            refusal(&text);
        }
    }
}
