//! Reads the shell text of a build, or of a script, for the programs it names.
//!
//! Takes text in which every part that is not text of the project is one [`HOLE`]; gives its commands, what
//! they ship beside the programs, and the words of the last one. Never: a run of anything, a guess at what
//! a variable holds.

use std::path::PathBuf;

/// Stands for a part of the text that is not text: the path of a package, most often.
pub(super) const HOLE: char = '\u{fffc}';

/// Words of one command are counted; a line with more is data.
const MOST_WORDS: usize = 400;

/// How a text writes the folder that it installs into.
pub(super) const OUTS: &[&str] = &["$out", "${out}", "$bin", "${bin}", "${!outputBin}"];

/// Adds what the commands copy out of the sources into folders of the package beside `bin`.
pub(super) fn shipped(text: &str, ships: &mut Vec<(String, PathBuf)>) {
    for words in commands(text) {
        let Some((name, rest)) = words.split_first() else {
            continue;
        };
        if !matches!(name.as_str(), "cp" | "mv" | "install") {
            continue;
        }
        let mut paths: Vec<&str> = rest.iter().map(String::as_str).collect();
        paths.retain(|word| !word.starts_with('-'));
        let Some((target, sources)) = paths.split_last() else {
            continue;
        };
        let Some(folder) = in_out(target).filter(|folder| !folder.starts_with("bin")) else {
            continue;
        };
        for source in sources {
            let source = source.trim_start_matches("./").trim_end_matches('/');
            let inside = source.trim_end_matches("/*");
            if is_plain(inside) && ships.len() < MOST_WORDS {
                // What is copied whole keeps its name below the folder; its contents alone do not.
                let folder = if inside == source {
                    folder.clone()
                } else {
                    folder.join(inside)
                };
                ships.push((inside.to_owned(), folder));
            }
        }
    }
}

/// The programs that the commands start, as far as their names are known.
pub(super) fn tools(text: &str) -> Vec<String> {
    let first = commands(text).into_iter().filter_map(|words| {
        let word = words.first()?;
        let name = word.rsplit('/').next()?;
        is_name(name).then(|| name.to_owned())
    });
    let mut tools: Vec<String> = first.collect();
    tools.sort();
    tools.dedup();
    tools.truncate(MOST_WORDS);
    tools
}

/// The folder of `$out/folder`, relative to the package.
fn in_out(path: &str) -> Option<PathBuf> {
    let rest = OUTS.iter().find_map(|out| path.strip_prefix(out))?;
    let rest = rest.trim_matches('/');
    is_plain(rest).then(|| PathBuf::from(rest))
}

/// A relative path without variables, holes or steps upwards.
fn is_plain(path: &str) -> bool {
    let parts = || path.split('/');
    !path.is_empty() && parts().all(is_name)
}

/// The words of the last `exec` of a script, or of its last line if that starts a program of a package.
pub(super) fn last_command(text: &str) -> Option<Vec<String>> {
    let commands = commands(text);
    let exec = commands
        .iter()
        .rev()
        .find(|words| words.first().is_some_and(|word| word == "exec"));
    if let Some(words) = exec {
        return known_words(words.get(1..).unwrap_or_default());
    }
    let last = commands.last()?;
    let starts = last.first().is_some_and(|word| word.starts_with(HOLE));
    starts.then(|| known_words(last)).flatten()
}

/// The words up to the first that is not known; `None` when the program itself is not.
pub(super) fn known_words(words: &[String]) -> Option<Vec<String>> {
    let mut known = Vec::new();
    for word in words {
        // Arguments that the caller gives, and where the output goes.
        if matches!(word.as_str(), "$@" | "$*" | "${@}") || word.starts_with(['>', '<', '|', '&']) {
            break;
        }
        let Some(word) = known_word(word, known.is_empty()) else {
            // A flag without its value says less than nothing.
            if known.len() > 1
                && known
                    .last()
                    .is_some_and(|last: &String| last.starts_with('-'))
            {
                known.pop();
            }
            break;
        };
        known.push(word);
    }
    (!known.is_empty()).then_some(known)
}

/// A word without the path of the package before its program.
fn known_word(word: &str, first: bool) -> Option<String> {
    let rest = match word.split_once(HOLE) {
        None => word,
        Some(("", rest)) => rest.strip_prefix("/bin/")?,
        Some(_) => return None,
    };
    if rest.contains(HOLE) || rest.is_empty() {
        return None;
    }
    if first {
        let last = rest.rsplit('/').next()?;
        return is_name(last).then(|| last.to_owned());
    }
    Some(rest.to_owned())
}

pub(super) fn is_name(text: &str) -> bool {
    let allowed = |it: char| it.is_ascii_alphanumeric() || "._-+@".contains(it);
    !text.is_empty() && !matches!(text, "." | "..") && text.chars().all(allowed)
}

/// The commands of a text as words, quotes and comments taken off.
pub(super) fn commands(text: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(end), _) if letter == end => quote = None,
            (None | Some('"'), '\\') => match letters.next() {
                None | Some('\n') => {}
                Some(next) => word.get_or_insert_default().push(next),
            },
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => {
                while letters.peek().is_some_and(|next| *next != '\n') {
                    letters.next();
                }
            }
            (None, '\n' | ';' | '|' | '&') => {
                words.extend(word.take());
                end(&mut words, &mut commands);
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    end(&mut words, &mut commands);
    commands
}

fn end(words: &mut Vec<String>, commands: &mut Vec<Vec<String>>) {
    let words = std::mem::take(words);
    if !words.is_empty() && words.len() <= MOST_WORDS {
        commands.push(words);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_command_is_the_one_that_stays() {
        let words = |text| last_command(text).map(|words| words.join(" "));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            words("x\nexec \u{fffc}/bin/web serve \"$@\""),
            some("web serve")
        );
        assert_eq!(
            words("cd /\n\u{fffc}/bin/web --port 1"),
            some("web --port 1")
        );
        assert_eq!(words("exec web run --config \u{fffc}"), some("web run"));
        assert_eq!(words("exec $SHELL"), None);
        assert_eq!(words("exec \u{fffc}"), None);
        assert_eq!(words("echo done"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s).{0,200}") {
            commands(&text);
            last_command(&text);
        }
    }
}
