//! The words that a program must be given before it serves.
//!
//! Takes files, one after another, and where they serve; gives the words when they are clear. Never words of a
//! program that takes none, or that serves without.

use super::file::File;
use super::lex::Kind;
use super::root::Roots;
use crate::inspect::project::Ecosystem;

/// Words that say it by themselves, wherever in the program they are declared.
pub(super) const SERVING: &[&str] = &["serve", "server"];
/// Words that say it only in a file that serves.
const STARTING: &[&str] = &["daemon", "run", "start", "web"];
/// Options that a subcommand has at most, in tokens.
const NEAR: usize = 40;

/// Branches of one program; a person writes fewer.
const MOST_BRANCHES: usize = 200;

/// The words that were met.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// What serves stands under these words, and under no others.
    sure: Vec<Vec<String>>,
    /// Declared anywhere.
    declared: Vec<String>,
    /// Declared in a file that serves.
    here: Vec<String>,
    /// What serves without any of them.
    roots: Roots,
}

impl Words {
    /// Looks for words in `file`, which serves at the tokens `serving`.
    pub(super) fn look(&mut self, file: &File<'_>, serving: &[usize]) {
        let sure = under(file, serving).or_else(|| compared(file).filter(|_| !serving.is_empty()));
        self.sure.extend(sure);
        self.roots.look(file, serving);
        let declared: Vec<String> = match file.ecosystem {
            Ecosystem::Rust => clap(file).into_iter().map(|it| it.1).collect(),
            Ecosystem::Go => cobra(file),
            Ecosystem::Python => python(file),
            Ecosystem::Node => texts(file, &[".", "command", "("], &["commander", "yargs", "cac"]),
            Ecosystem::Haskell => texts(file, &["command"], &["Options"]),
            _ => Vec::new(),
        };
        for word in declared {
            if SERVING.contains(&word.as_str()) {
                self.declared.push(word);
            } else if STARTING.contains(&word.as_str()) && !serving.is_empty() {
                self.here.push(word);
            }
        }
    }

    /// The words, when they are clear.
    pub(super) fn needed(self) -> Vec<String> {
        let single = |words: Vec<String>| words.into_iter().map(|it| vec![it]).collect();
        let mut found: Vec<Vec<String>> = self.sure;
        if found.is_empty() && self.roots.serve() {
            return Vec::new();
        }
        if found.is_empty() {
            found = single(self.declared);
        }
        if found.is_empty() {
            found = single(self.here);
        }
        found.sort();
        found.dedup();
        match found.as_slice() {
            [words] => words.clone(),
            _ => Vec::new(),
        }
    }
}

pub(super) fn stands(file: &File<'_>, at: usize, wanted: &[&str]) -> bool {
    wanted
        .iter()
        .enumerate()
        .all(|(by, it)| file.text(at + by) == *it)
}

pub(super) fn literal(file: &File<'_>, at: usize) -> Option<String> {
    let token = file.tokens.get(at).filter(|it| it.kind == Kind::Text)?;
    Some(token.text.split(' ').next().unwrap_or_default().to_owned())
}

/// Texts behind `wanted`, when one of `given` is used.
fn texts(file: &File<'_>, wanted: &[&str], given: &[&str]) -> Vec<String> {
    if !file.holds(given) {
        return Vec::new();
    }
    let places = (0..file.tokens.len()).filter(|at| stands(file, *at, wanted));
    let places = places.filter(|at| !(*at..at + NEAR).any(|it| file.text(it) == "isDefault"));
    places
        .filter_map(|at| literal(file, at + wanted.len()))
        .collect()
}

/// The word under whose branch all that serves stands: an arm of a `match`, a case of a `switch`.
fn under(file: &File<'_>, serving: &[usize]) -> Option<Vec<String>> {
    let branches = match file.ecosystem {
        Ecosystem::Rust => arms(file),
        Ecosystem::Go | Ecosystem::Node => cases(file),
        _ => Vec::new(),
    };
    let mut words = serving.iter().map(|at| {
        let branch = branches
            .iter()
            .find(|(_, start, end)| (*start..*end).contains(at));
        branch.map(|it| it.0.clone())
    });
    let first = words.next()??;
    words
        .all(|it| it.as_ref() == Some(&first))
        .then(|| vec![first])
}

/// `What::Serve { port } => { … }` of an enum of subcommands: its word, and the tokens of its block.
fn arms(file: &File<'_>) -> Vec<(String, usize, usize)> {
    let variants = clap(file);
    let mut found = Vec::new();
    let mut at = 0;
    while at < file.tokens.len() {
        let arm = stands(file, at + 1, &[":", ":"]).then(|| file.text(at + 3));
        let word = arm.and_then(|arm| variants.iter().find(|it| it.0 == arm));
        let open =
            word.and_then(|_| (at..at + NEAR).find(|it| stands(file, *it, &["=", ">", "{"])));
        let Some(((_, word), open)) = word.zip(open) else {
            at += 1;
            continue;
        };
        let end = block_end(file, open + 3);
        found.push((word.clone(), open, end));
        at = end;
    }
    found
}

pub(super) fn block_end(file: &File<'_>, start: usize) -> usize {
    let mut depth = 1usize;
    for (at, token) in file.tokens.iter().enumerate().skip(start) {
        match (token.kind, token.text) {
            (Kind::Mark, "{") => depth += 1,
            (Kind::Mark, "}") => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    file.tokens.len()
}

/// The cases of a `switch` over the first argument, each to the next one or the end of the block.
fn cases(file: &File<'_>) -> Vec<(String, usize, usize)> {
    let Some(first) = first_argument(file) else {
        return Vec::new();
    };
    let mut found: Vec<(String, usize, usize)> = Vec::new();
    let places = (0..file.tokens.len()).filter(|at| stands(file, *at, first));
    for at in places {
        let behind = at + first.len();
        let open = behind + usize::from(file.text(behind) == ")");
        if file.text(open) != "{" || file.text(open + 1) != "case" {
            continue;
        }
        let end = block_end(file, open + 1);
        let starts: Vec<usize> = (open..end)
            .filter(|it| matches!(file.text(*it), "case" | "default"))
            .collect();
        for (index, start) in starts.iter().enumerate() {
            let next = starts.get(index + 1).copied().unwrap_or(end);
            found.extend(literal(file, start + 1).map(|word| (word, *start, next)));
        }
        found.truncate(MOST_BRANCHES);
        // Another switch would tell another story.
        break;
    }
    found
}

fn first_argument(file: &File<'_>) -> Option<&'static [&'static str]> {
    match file.ecosystem {
        Ecosystem::Go => Some(&["os", ".", "Args", "[", "1", "]"]),
        Ecosystem::Node => Some(&["process", ".", "argv", "[", "2", "]"]),
        _ => None,
    }
}

/// `os.Args[1] != "gateway" || os.Args[2] != "run"`: the only words that the program knows.
fn compared(file: &File<'_>) -> Option<Vec<String>> {
    if file.ecosystem != Ecosystem::Go {
        return None;
    }
    let word = |index: &str| {
        let wanted = ["os", ".", "Args", "[", index, "]", "!", "="];
        let mut places = (0..file.tokens.len()).filter(|at| stands(file, *at, &wanted));
        let word = places
            .next()
            .and_then(|at| literal(file, at + wanted.len()));
        word.filter(|_| places.next().is_none())
    };
    let mut words = vec![word("1")?];
    words.extend(word("2"));
    Some(words)
}

/// Variants of the enum with `derive(Subcommand)` that is not optional, each with its word.
fn clap<'a>(file: &File<'a>) -> Vec<(&'a str, String)> {
    let mut words = Vec::new();
    if !file.holds(&["Subcommand"]) {
        return words;
    }
    let derive = (0..file.tokens.len()).find(|at| {
        file.text(*at) == "Subcommand" && (*at..at + 24).any(|it| file.text(it) == "enum")
    });
    let Some(start) = derive.and_then(|at| (at..at + 24).find(|it| file.text(*it) == "enum"))
    else {
        return words;
    };
    let name = file.text(start + 1);
    let optional = (0..file.tokens.len()).any(|it| stands(file, it, &["Option", "<", name, ">"]));
    if !optional && file.text(start + 2) == "{" {
        variants(file, start + 3, &mut words);
    }
    words
}

/// The variants of an enum from `start`.
fn variants<'a>(file: &File<'a>, start: usize, words: &mut Vec<(&'a str, String)>) {
    let mut depth = 0usize;
    for (at, token) in file.tokens.iter().enumerate().skip(start) {
        let before = at.checked_sub(1).map_or("", |it| file.text(it));
        match (token.kind, token.text) {
            (Kind::Mark, "{" | "(" | "[") => depth += 1,
            (Kind::Mark, "}" | ")" | "]") if depth == 0 => return,
            _ if words.len() >= MOST_BRANCHES => return,
            (Kind::Mark, "}" | ")" | "]") => depth -= 1,
            (Kind::Word, word) if depth == 0 && matches!(before, "{" | "," | "]") => {
                words.push((word, kebab(word)));
            }
            _ => {}
        }
    }
}

/// `RunServer` is called `run-server`.
fn kebab(name: &str) -> String {
    let mut word = String::new();
    for it in name.chars() {
        if it.is_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.extend(it.to_lowercase());
    }
    word
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
                let function = (at..at + NEAR).find(|it| file.text(*it) == "def");
                let plain = function.map(|it| file.text(it + 1).replace('_', "-"));
                words.extend(named.or(plain));
            }
        }
    }
    words
}
