//! The word that a program must be given before it serves.
//!
//! Takes files, one after another; gives the word when there is one, and only one that can be meant. Never a word
//! of a program that takes none, or that serves without.

use super::file::File;
use super::lex::Kind;
use crate::inspect::project::Ecosystem;

/// Words that say it by themselves, wherever in the program they are declared.
const SERVING: &[&str] = &["serve", "server"];
/// Words that say it only in a file that serves.
const STARTING: &[&str] = &["daemon", "run", "start", "web"];

/// The words that were met.
#[derive(Debug, Default)]
pub(super) struct Words {
    found: Vec<Found>,
}

#[derive(Debug)]
struct Found {
    word: String,
    /// The file itself serves.
    here: bool,
    /// It is compared with the first argument, so any word counts.
    compared: bool,
}

impl Words {
    /// Looks for words in `file`.
    pub(super) fn look(&mut self, file: &File<'_>, serves: bool) {
        let words: Vec<String> = match file.ecosystem {
            Ecosystem::Rust => clap(file),
            Ecosystem::Go => cobra(file),
            Ecosystem::Python => python(file),
            Ecosystem::Node => texts(file, &[".", "command", "("], &["commander", "yargs", "cac"]),
            Ecosystem::Haskell => texts(file, &["command"], &["Options"]),
            _ => Vec::new(),
        };
        let known = |it: &String| SERVING.contains(&it.as_str()) || STARTING.contains(&it.as_str());
        let compared = only_word(file).filter(|_| serves);
        self.found
            .extend(words.into_iter().filter(known).map(|word| Found {
                word,
                here: serves,
                compared: false,
            }));
        self.found.extend(compared.map(|word| Found {
            word,
            here: true,
            compared: true,
        }));
    }

    /// The word, when it is clear.
    pub(super) fn needed(self) -> Vec<String> {
        let sure = |it: &Found| it.compared || SERVING.contains(&it.word.as_str());
        let mut words: Vec<String> = self
            .found
            .iter()
            .filter(|it| sure(it))
            .map(|it| it.word.clone())
            .collect();
        if words.is_empty() {
            words = self
                .found
                .into_iter()
                .filter(|it| it.here)
                .map(|it| it.word)
                .collect();
        }
        words.sort();
        words.dedup();
        if words.len() == 1 { words } else { Vec::new() }
    }
}

fn stands(file: &File<'_>, at: usize, wanted: &[&str]) -> bool {
    wanted
        .iter()
        .enumerate()
        .all(|(by, it)| file.text(at + by) == *it)
}

fn literal(file: &File<'_>, at: usize) -> Option<String> {
    let token = file.tokens.get(at).filter(|it| it.kind == Kind::Text)?;
    Some(token.text.split(' ').next().unwrap_or_default().to_owned())
}

/// Texts behind `wanted`, when one of `given` is used.
fn texts(file: &File<'_>, wanted: &[&str], given: &[&str]) -> Vec<String> {
    if !file.holds(given) {
        return Vec::new();
    }
    let places = (0..file.tokens.len()).filter(|at| stands(file, *at, wanted));
    let places = places.filter(|at| !(*at..at + 30).any(|it| file.text(it) == "isDefault"));
    places
        .filter_map(|at| literal(file, at + wanted.len()))
        .collect()
}

/// Variants of an enum with `derive(Subcommand)` that is not optional.
fn clap(file: &File<'_>) -> Vec<String> {
    let mut words = Vec::new();
    if !file.holds(&["clap", "Subcommand"]) {
        return words;
    }
    for at in 0..file.tokens.len() {
        if file.text(at) != "Subcommand" || !matches!(file.text(at + 1), ")" | ",") {
            continue;
        }
        let Some(start) = (at..at + 24).find(|it| file.text(*it) == "enum") else {
            continue;
        };
        let name = file.text(start + 1);
        let optional =
            (0..file.tokens.len()).any(|it| stands(file, it, &["Option", "<", name, ">"]));
        if !optional && file.text(start + 2) == "{" && words.is_empty() {
            variants(file, start + 3, &mut words);
        }
    }
    words
}

/// The variants of an enum from `start`, in lower case.
fn variants(file: &File<'_>, start: usize, words: &mut Vec<String>) {
    let mut depth = 0usize;
    for (at, token) in file.tokens.iter().enumerate().skip(start) {
        match (token.kind, token.text) {
            (Kind::Mark, "{" | "(" | "[") => depth += 1,
            (Kind::Mark, "}" | ")" | "]") if depth == 0 => return,
            (Kind::Mark, "}" | ")" | "]") => depth -= 1,
            (Kind::Word, word) if depth == 0 && matches!(file.text(at - 1), "{" | "," | "]") => {
                words.push(word.to_lowercase());
            }
            _ => {}
        }
    }
}

/// `Use: "serve"` of cobra, `Name: "serve"` of urfave/cli.
fn cobra(file: &File<'_>) -> Vec<String> {
    let cobra = texts(file, &["Use", ":"], &["github.com/spf13/cobra"]);
    let urfave = texts(file, &["Name", ":"], &["github.com/urfave/cli"]);
    cobra.into_iter().chain(urfave).collect()
}

/// Sub-parsers that are required, and commands of a click group.
fn python(file: &File<'_>) -> Vec<String> {
    let count = |wanted: &[&str]| {
        (0..file.tokens.len())
            .filter(|at| stands(file, *at, wanted))
            .count()
    };
    let mut words = Vec::new();
    if count(&["required", "=", "True"]) > 0 && count(&["add_subparsers", "("]) == 1 {
        words = texts(file, &["add_parser", "("], &["argparse"]);
    }
    let group =
        count(&["click", ".", "group", "("]) == 1 && count(&["invoke_without_command"]) == 0;
    let typer = count(&["Typer", "("]) == 1
        && count(&["command", "("]) > 1
        && count(&["callback", "("]) == 0;
    if group || typer {
        for at in 0..file.tokens.len() {
            if stands(file, at, &[".", "command", "("]) {
                let named = literal(file, at + 3);
                let function = (at..at + 40).find(|it| file.text(*it) == "def");
                let plain = function.map(|it| file.text(it + 1).replace('_', "-"));
                words.extend(named.or(plain));
            }
        }
    }
    words
}

/// `os.Args[1] != "watch"`: the only word that the program knows, or the serving one of a `switch`.
fn only_word(file: &File<'_>) -> Option<String> {
    let wanted: &[&str] = match file.ecosystem {
        Ecosystem::Go => &["os", ".", "Args", "[", "1", "]"],
        Ecosystem::Node => &["process", ".", "argv", "[", "2", "]"],
        Ecosystem::Python => &["sys", ".", "argv", "[", "1", "]"],
        _ => return None,
    };
    let places = (0..file.tokens.len()).filter(|at| stands(file, *at, wanted));
    let mut words = Vec::new();
    for at in places {
        let end = at + wanted.len();
        match (file.text(end), file.text(end + 1)) {
            // The program ends at any other word.
            ("!", "=") => words.extend(literal(file, end + 2).or_else(|| literal(file, end + 3))),
            ("{", "case") | (")", "{") => words.extend(cases(file, end)),
            _ => {}
        }
    }
    words.dedup();
    match words.as_slice() {
        [word] => Some(word.clone()),
        _ => None,
    }
}

/// The serving word among the cases of a switch.
fn cases(file: &File<'_>, from: usize) -> Option<String> {
    let places = (from..file.tokens.len()).filter(|at| file.text(*at) == "case");
    let words: Vec<String> = places.filter_map(|at| literal(file, at + 1)).collect();
    let serving = words.into_iter().find(|it| SERVING.contains(&it.as_str()));
    serving.filter(|_| {
        (from..file.tokens.len())
            .any(|at| matches!(file.text(at), "listen" | "ListenAndServe" | "Listen"))
    })
}
