//! Reads the lines that Nix prints with `--log-format internal-json`.
//!
//! Takes a line; gives an [`Event`], or nothing for a line that isn't one. The log is for programs and still not the same
//! everywhere: fields come and go, and a number means one thing to Nix and another to Determinate Nix (result 109). So only
//! what all of them agree on is read, and what isn't known is passed over. Never: a panic, a line kept whole that no person
//! could read.

use serde_json::Value;

/// What stands before each event on its line.
const MARK: &str = "@nix ";

/// No text is kept longer: a builder may print anything.
const LONGEST: usize = 2_000;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Something began.
    Start {
        /// Its number, until it stops.
        id: u64,
        /// What it is.
        activity: Activity,
    },
    /// It ended, well or not.
    Stop {
        /// Its number.
        id: u64,
    },
    /// A builder printed a line.
    Line {
        /// The build.
        id: u64,
        /// Without colours.
        text: String,
    },
    /// A build came to another phase.
    Phase {
        /// The build.
        id: u64,
        /// Such as `installPhase`.
        name: String,
    },
    /// How far something is: bytes, or builds or paths for those that count them.
    Progress {
        /// What it is.
        id: u64,
        /// How much is done.
        done: u64,
        /// How much it is in all, as far as that is known.
        expected: u64,
        /// How much of it failed.
        failed: u64,
    },
    /// How many bytes of a kind there will be.
    Expected {
        /// Who says so.
        id: u64,
        /// Of which kind.
        kind: Bytes,
        /// How many.
        bytes: u64,
    },
    /// Nix said something.
    Message {
        /// 0 is an error, 1 a warning, 3 a word for everybody.
        level: u64,
        /// Without colours; may have several lines.
        text: String,
    },
}

/// What Nix is at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activity {
    /// A path is copied into the store.
    CopyPath,
    /// Something is downloaded.
    Download,
    /// All paths that are copied.
    Copies,
    /// All builds.
    Builds,
    /// A derivation is built.
    Build {
        /// Its path.
        derivation: String,
        /// Where, if elsewhere.
        machine: Option<String>,
    },
    /// Anything else.
    Other,
}

/// A kind of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bytes {
    /// Of paths, unpacked.
    Copied,
    /// Over the network, packed.
    Downloaded,
}

/// Reads a line; `None` for one that is no event, or one that doesn't matter here.
pub fn event(line: &str) -> Option<Event> {
    let value: Value = serde_json::from_str(line.strip_prefix(MARK)?).ok()?;
    let id = || value.get("id")?.as_u64();
    match value.get("action")?.as_str()? {
        "start" => Some(Event::Start {
            id: id()?,
            activity: activity(&value)?,
        }),
        "stop" => Some(Event::Stop { id: id()? }),
        "result" => result(id()?, &value),
        "msg" => Some(Event::Message {
            level: value.get("level")?.as_u64()?,
            text: plain(value.get("msg")?.as_str()?),
        }),
        _ => None,
    }
}

/// Whether a line is one of the log, known or not.
pub fn is_event(line: &str) -> bool {
    line.starts_with(MARK)
}

fn activity(value: &Value) -> Option<Activity> {
    let field = |at: usize| value.get("fields")?.get(at)?.as_str();
    Some(match value.get("type")?.as_u64()? {
        100 => Activity::CopyPath,
        101 => Activity::Download,
        103 => Activity::Copies,
        104 => Activity::Builds,
        105 => Activity::Build {
            derivation: plain(field(0)?),
            machine: field(1).filter(|it| !it.is_empty()).map(plain),
        },
        _ => Activity::Other,
    })
}

fn result(id: u64, value: &Value) -> Option<Event> {
    let field = |at: usize| value.get("fields")?.get(at);
    let number = |at| field(at)?.as_u64();
    let text = |at| field(at)?.as_str().map(plain);
    match value.get("type")?.as_u64()? {
        101 => Some(Event::Line { id, text: text(0)? }),
        104 => Some(Event::Phase { id, name: text(0)? }),
        105 => Some(Event::Progress {
            id,
            done: number(0)?,
            expected: number(1)?,
            failed: number(3).unwrap_or(0),
        }),
        106 => Some(Event::Expected {
            id,
            kind: match number(0)? {
                100 => Bytes::Copied,
                101 => Bytes::Downloaded,
                _ => return None,
            },
            bytes: number(1)?,
        }),
        _ => None,
    }
}

/// A text without colours, cut where it is too long.
pub(super) fn plain(text: &str) -> String {
    let cut = match text.char_indices().nth(LONGEST) {
        Some((at, _)) => text.get(..at).unwrap_or_default(),
        None => text,
    };
    console::strip_ansi_codes(cut).into_owned()
}

#[cfg(test)]
pub(in crate::nix) mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn events_of_both_ages_are_read() {
        let build = |parent: &str| {
            let line = format!(
                "@nix {{\"action\":\"start\",\"fields\":[\"/nix/store/x-a.drv\",\"ssh://b\",1,1],\"id\":7,\"level\":3{parent},\"type\":105}}"
            );
            event(&line)
        };
        let expected = Some(Event::Start {
            id: 7,
            activity: Activity::Build {
                derivation: "/nix/store/x-a.drv".to_owned(),
                machine: Some("ssh://b".to_owned()),
            },
        });
        assert_eq!(build(""), expected);
        assert_eq!(build(",\"parent\":0"), expected);
    }

    #[test]
    fn what_is_not_agreed_on_is_passed_over() {
        for line in [
            "",
            "warning: x",
            "@nix ",
            "@nix {",
            "@nix []",
            "@nix {\"action\":\"dance\"}",
            "@nix {\"action\":\"stop\",\"id\":-1}",
            // A hash mismatch to one Nix, a fetch to another.
            "@nix {\"action\":\"result\",\"fields\":[1,2,3,4],\"id\":1,\"type\":109}",
            "@nix {\"action\":\"result\",\"fields\":[\"1\"],\"id\":1,\"type\":105}",
            "@nix {\"action\":\"result\",\"fields\":[7,8],\"id\":1,\"type\":106}",
        ] {
            assert_eq!(event(line), None, "{line}");
        }
        let deep = format!("@nix {}", "[".repeat(60_000));
        assert_eq!(event(&deep), None);
    }

    #[test]
    fn colours_and_endless_texts_are_taken_away() {
        let said = |text: &str| {
            let message = serde_json::json!({"action": "msg", "level": 0, "msg": text});
            match event(&format!("@nix {message}")) {
                Some(Event::Message { text, .. }) => text,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(said("\u{1b}[31;1merror:\u{1b}[0m no"), "error: no");
        assert_eq!(said(&"é".repeat(9_000)).chars().count(), LONGEST);
    }

    /// JSON of the words that events are made of.
    pub(in crate::nix) fn lines() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            any::<u64>().prop_map(Value::from),
            (0_u64..200).prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,9}".prop_map(Value::from),
            Just(Value::Null),
        ];
        let action = prop::sample::select(vec!["start", "stop", "result", "msg", "x"]);
        let fields = prop::collection::vec(leaf.clone(), 0..5);
        let kind = prop::sample::select(vec![100_u64, 101, 103, 104, 105, 106, 109]);
        (action, fields, kind, 0_u64..4, leaf).prop_map(|(action, fields, kind, id, any)| {
            let value = serde_json::json!({
                "action": action, "fields": fields, "type": kind, "id": id, "level": id, "msg": any,
            });
            format!("@nix {value}")
        })
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(text in "\\PC*|.*", line in lines()) {
            let _ = event(&text);
            let _ = event(&format!("@nix {text}"));
            let _ = event(&line);
        }
    }
}
