//! The lines of a builder's output, old and new: which of them say something, and who printed them.

/// How many last lines of hidden output are shown.
pub(super) const SHOWN: usize = 12;

/// How Docker and Nix say that a network or a server failed, and not what was asked of it.
const NETWORK: &[&str] = &[
    "no such host",
    "connection refused",
    "connection reset by peer",
    "network is unreachable",
    "i/o timeout",
    "TLS handshake timeout",
    "Client.Timeout exceeded",
    "Temporary failure in name resolution",
    "Could not resolve host",
    "Couldn't connect to server",
    "toomanyrequests",
    "502 Bad Gateway",
    "503 Service Unavailable",
    "504 Gateway",
];

/// Whether the network is to blame, so that the same command may work later.
pub(in crate::docker) fn is_network(tail: &[String]) -> bool {
    let mut lines = tail.iter();
    lines.any(|line| NETWORK.iter().any(|words| line.contains(words)))
}

/// The last lines that say something: those of the step that failed, where steps have numbers,
/// without its numbers and its frame around them.
pub(super) fn telling(tail: &[String]) -> Vec<String> {
    let failed = tail
        .iter()
        .rev()
        .find(|line| unnumbered(line).starts_with("ERROR: ") && line.starts_with('#'))
        .and_then(|line| line.split_once(' '))
        .map(|(step, _)| format!("{step} "));
    let lines: Vec<String> = tail
        .iter()
        .filter(|line| failed.as_ref().is_none_or(|step| line.starts_with(step)))
        .filter_map(|line| {
            let text = unnumbered(line);
            let frame = text.trim().is_empty()
                || text == "------"
                || text.starts_with(" > [")
                || text.starts_with("sha256:")
                || text.starts_with("executor failed running")
                || is_repeated(text)
                || ["CACHED", "DONE "]
                    .iter()
                    .any(|word| text.starts_with(word));
            (!frame).then(|| text.to_owned())
        })
        .collect();
    let skip = lines.len().saturating_sub(SHOWN);
    lines.into_iter().skip(skip).collect()
}

/// A line of the script that buildx repeats after a failure, with its frame.
fn is_repeated(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.split_once(" | ").is_some_and(|(number, _)| {
        !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
    });
    numbered
        || line.starts_with("--------------------")
        || line.starts_with("../dockerfile/Dockerfile:")
}

/// `#11 0.345 words` as `words`.
fn unnumbered(line: &str) -> &str {
    let Some((step, rest)) = line.strip_prefix('#').and_then(|rest| rest.split_once(' ')) else {
        return line;
    };
    match rest.split_once(' ') {
        _ if !is_number(step) => line,
        Some((time, words)) if is_number(time) => words,
        _ => rest,
    }
}

/// Whether a command of a step printed the line: such a one has a time behind the step's number.
pub(super) fn is_printed(line: &str) -> bool {
    let rest = line.strip_prefix('#').and_then(|rest| rest.split_once(' '));
    let time = rest.and_then(|(_, rest)| rest.split_once(' '));
    time.is_some_and(|(time, _)| is_number(time))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}
