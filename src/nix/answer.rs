//! What Nix answered: a value, or which kind of refusal.

use std::collections::BTreeMap;

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
    /// Nix could not try: no network, a missing feature, a build needed first; Nix's own words.
    Unable(Vec<String>),
}

/// What Nix knows of one value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether it is a derivation.
    pub derivation: bool,
    /// Whether looking at it failed.
    pub failed: bool,
    /// `name`, with the version.
    pub name: Option<String>,
    /// `pname`.
    pub pname: Option<String>,
    /// `meta.mainProgram`.
    pub program: Option<String>,
    /// Whether it has `inputDerivation`.
    pub inputs: bool,
}

/// What Nix says of a default.nix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassicFacts {
    /// A derivation.
    Derivation(Facts),
    /// A set, with facts on each attribute.
    Set(BTreeMap<String, Facts>),
    /// A set too large to look at each attribute.
    Many,
    /// A function with required arguments.
    Function(Vec<String>),
    /// The asked attribute isn't there.
    Absent,
    /// A value of another type, such as `lambda` or `string`.
    Other(String),
}

/// Words by which Nix says that it could not try. Matched in its message, whatever its version.
const UNABLE: &[&str] = &[
    "unable to download",
    "resolve host",
    "connect to",
    "Network is unreachable",
    "name resolution",
    "timed out",
    "cannot fetch",
    "unable to fetch",
    "Failed to fetch",
    "experimental",
    "unrecognised flag",
    "is not a recognised command",
    "import-from-derivation",
    "during evaluation",
    "Permission denied",
    "daemon",
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
    let words = words(&captured.stderr);
    let message = words.join("\n");
    if message.contains("does not provide attribute") {
        Answer::Absent
    } else if UNABLE.iter().any(|unable| message.contains(unable)) {
        Answer::Unable(words)
    } else {
        Answer::Refused(words)
    }
}

/// The last error that Nix printed, without the traces before it.
fn words(stderr: &str) -> Vec<String> {
    let lines: Vec<&str> = stderr.lines().collect();
    let is_error = |line: &&str| line.trim_start().starts_with("error:") && line.trim() != "error:";
    let start = lines.iter().rposition(is_error).unwrap_or(0);
    let last = lines.iter().skip(start).map(|line| line.trim_end());
    let last = last.filter(|line| !line.is_empty() && !line.contains("--show-trace"));
    last.take(MOST_LINES).map(str::to_owned).collect()
}

/// Facts from the set that `facts.nix` gives.
pub(super) fn facts(value: &Value) -> Option<Facts> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let is = |key: &str| value.get(key).and_then(Value::as_bool).unwrap_or(false);
    value.is_object().then(|| Facts {
        derivation: is("derivation"),
        failed: is("failed"),
        name: text("name"),
        pname: text("pname"),
        program: text("program"),
        inputs: is("inputs"),
    })
}

/// Facts by attribute.
pub(super) fn facts_by_name(value: &Value) -> Option<BTreeMap<String, Facts>> {
    let attributes = value.as_object()?.iter();
    attributes
        .map(|(name, value)| Some((name.clone(), facts(value)?)))
        .collect()
}

/// The set that `classic.nix` gives.
pub(super) fn classic(value: &Value) -> Option<ClassicFacts> {
    Some(match value.get("is").and_then(Value::as_str)? {
        "derivation" => ClassicFacts::Derivation(facts(value.get("facts")?)?),
        "set" => ClassicFacts::Set(facts_by_name(value.get("attributes")?)?),
        "many" => ClassicFacts::Many,
        "absent" => ClassicFacts::Absent,
        "function" => {
            let names = value.get("required")?.as_array()?.iter();
            let names = names.filter_map(Value::as_str).map(str::to_owned);
            ClassicFacts::Function(names.collect())
        }
        other => ClassicFacts::Other(other.to_owned()),
    })
}
