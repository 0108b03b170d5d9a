//! A small reader of Dockerfiles for the tests: instructions, and the words in them as Docker would take them.
//!
//! It knows what nixdyno writes and no more: no heredocs, no other escape than the backslash, no variables.

#![allow(dead_code, reason = "each ring uses its part")]

/// One instruction, its lines joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    pub name: String,
    pub rest: String,
}

/// The instructions of a Dockerfile, comments left out.
pub fn instructions(text: &str) -> Vec<Instruction> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        if line.trim_start().starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let joined = open.take().unwrap_or_default() + line;
        // What ends in a backslash goes on, with nothing in between.
        match joined.trim_end_matches([' ', '\t']).strip_suffix('\\') {
            Some(start) => open = Some(start.to_owned()),
            None => found.push(instruction(&joined)),
        }
    }
    assert_eq!(open, None, "the last line goes on");
    found
}

fn instruction(line: &str) -> Instruction {
    let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
    assert!(
        name.chars().all(|c| c.is_ascii_uppercase()),
        "no instruction: {line}"
    );
    Instruction {
        name: name.to_owned(),
        rest: rest.trim().to_owned(),
    }
}

/// `NAME="value"` of an `ARG`, with Docker's quotes and backslashes undone; a variable would be looked up.
pub fn argument(rest: &str) -> (String, String) {
    let (name, quoted) = rest.split_once('=').unwrap();
    let inner = quoted.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let mut value = String::new();
    let mut chars = inner.expect("quotes").chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.push(chars.next().expect("a character after the backslash")),
            '"' | '$' => panic!("{rest} ends or looks something up at `{c}`"),
            c => value.push(c),
        }
    }
    (name.to_owned(), value)
}

/// The words of `CMD ["…"]`.
pub fn command(rest: &str) -> Vec<String> {
    serde_json::from_str(rest).unwrap_or_else(|error| panic!("{rest}: {error}"))
}
