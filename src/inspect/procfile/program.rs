//! The word of a command that names a program.
//!
//! Takes a command as a Procfile holds it; gives the first word that is neither an assignment nor a helper's
//! name (`exec`, `env`, `bundle exec`, …). Reads words as a shell would, but runs nothing and expands nothing.

use crate::files::file_name;

/// What a command starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::inspect) struct ProgramWord {
    /// As written, without a `./` in front: `gunicorn`, `bin/server`, `$HOME/x`. Empty for an empty command.
    pub(in crate::inspect) word: String,
    /// The tool that finds it for the command: `bundle exec`, `npm run`.
    pub(in crate::inspect) runner: Option<&'static str>,
    /// Programs that start it, as written: `timeout`, `/usr/bin/env`. Without what the shell does itself.
    pub(in crate::inspect) helpers: Vec<String>,
    /// The words after it, up to the end of its part of the command.
    pub(in crate::inspect) arguments: Vec<String>,
}

/// A helper that starts the command after it: its name, its options that take a word, and how many words
/// of its own stand before the command.
type Helper = (&'static str, &'static [&'static str], usize);

const HELPERS: &[Helper] = &[
    ("command", &[], 0),
    ("dotenv", &["-f", "-e"], 0),
    ("env", &["-u", "-C"], 0),
    ("exec", &["-a"], 0),
    ("nice", &["-n"], 0),
    ("nohup", &[], 0),
    ("setsid", &[], 0),
    ("stdbuf", &["-i", "-o", "-e"], 0),
    ("time", &[], 0),
    ("timeout", &["-s", "-k"], 1),
];

/// Tools that find a program among what they installed, longest first where one begins another.
const RUNNERS: &[(&[&str], &str)] = &[
    (&["bundle", "exec"], "bundle exec"),
    (&["bunx"], "bunx"),
    (&["bun", "run"], "bun run"),
    (&["cabal", "exec"], "cabal exec"),
    (&["cabal", "run"], "cabal run"),
    (&["hatch", "run"], "hatch run"),
    (&["npm", "exec"], "npm exec"),
    (&["npm", "run"], "npm run"),
    (&["npm", "run-script"], "npm run"),
    (&["npx"], "npx"),
    (&["opam", "exec"], "opam exec"),
    (&["pdm", "run"], "pdm run"),
    (&["pipenv", "run"], "pipenv run"),
    (&["pnpm", "exec"], "pnpm exec"),
    (&["pnpm", "run"], "pnpm run"),
    (&["poetry", "run"], "poetry run"),
    (&["rye", "run"], "rye run"),
    (&["stack", "exec"], "stack exec"),
    (&["uv", "run"], "uv run"),
    (&["yarn", "exec"], "yarn exec"),
    (&["yarn", "run"], "yarn run"),
];

/// Helpers that are the shell's own.
const BUILTINS: &[&str] = &["command", "exec", "time"];

const SHELLS: &[&str] = &["sh", "bash", "dash", "zsh"];
/// `sh -c "bash -c …"`.
const MOST_SHELLS: usize = 4;
/// What ends a part of a command.
const ENDS: &[&str] = &["&&", "||", ";", "|", "&"];
/// Parts that only prepare for the next one.
const PREPARE: &[&str] = &[
    "cd", "export", "mkdir", "set", "source", ".", "ulimit", "umask", "true", ":",
];

/// The program that a command starts: of several joined by `&&` the first that does more than prepare.
pub(in crate::inspect) fn program_of(command: &str) -> ProgramWord {
    let mut parts = programs_of(command).into_iter();
    let first = parts.next().unwrap_or_default();
    if !PREPARE.contains(&first.word.as_str()) {
        return first;
    }
    let next = parts.find(|it| !PREPARE.contains(&it.word.as_str()));
    next.unwrap_or(first)
}

/// The programs of all parts of a command, in order.
pub(in crate::inspect) fn programs_of(command: &str) -> Vec<ProgramWord> {
    let mut found = parts(&words(command));
    for _ in 0..MOST_SHELLS {
        if !found.iter().any(|it| script_of(it).is_some()) {
            break;
        }
        let inside = found.into_iter().flat_map(|it| match script_of(&it) {
            Some(script) => {
                let mut inside = parts(&words(script));
                if let Some(first) = inside.first_mut() {
                    // What starts the shell, and a shell by another name than that of the image.
                    first.helpers.splice(..0, it.helpers.iter().cloned());
                    first
                        .helpers
                        .extend(Some(it.word.clone()).filter(|word| word != "sh"));
                }
                inside
            }
            None => vec![it],
        });
        found = inside.collect();
    }
    found
}

/// The words of a command. With a quote that does not end, white space must do.
pub(in crate::inspect) fn words(command: &str) -> Vec<String> {
    let words = shlex::split(command);
    words.unwrap_or_else(|| command.split_whitespace().map(str::to_owned).collect())
}

fn parts(words: &[String]) -> Vec<ProgramWord> {
    let mut parts = Vec::new();
    let mut part: Vec<&str> = Vec::new();
    for word in words {
        let bare = word.trim_end_matches(';');
        let ends = ENDS.contains(&word.as_str()) || bare.len() < word.len();
        if !ends {
            part.push(word);
            continue;
        }
        if !bare.is_empty() && !ENDS.contains(&bare) {
            part.push(bare);
        }
        parts.extend(program(&part));
        part.clear();
    }
    parts.extend(program(&part));
    parts
}

/// The program of one part.
fn program(words: &[&str]) -> Option<ProgramWord> {
    let mut rest = words;
    let mut helpers = Vec::new();
    loop {
        let (first, after) = rest.split_first()?;
        if is_assignment(first) {
            rest = after;
        } else if let Some((_, options, own)) = HELPERS.iter().find(|it| it.0 == file_name(first)) {
            // Alone it is the program: `env` prints the environment.
            let after = after_options(after, options)
                .get(*own..)
                .unwrap_or_default();
            if after.is_empty() {
                break;
            }
            if !BUILTINS.contains(first) {
                helpers.push((*first).to_owned());
            }
            rest = after;
        } else {
            break;
        }
    }
    let runner = RUNNERS.iter().find(|(words, _)| rest.starts_with(words));
    let found = runner.and_then(|(words, name)| {
        let after = after_options(rest.get(words.len()..)?, &[]);
        (!after.is_empty()).then_some((after, Some(*name)))
    });
    let (rest, runner) = found.unwrap_or((rest, None));
    let (word, arguments) = rest.split_first()?;
    Some(ProgramWord {
        word: word.strip_prefix("./").unwrap_or(word).to_owned(),
        runner,
        helpers,
        arguments: arguments.iter().map(|it| (*it).to_owned()).collect(),
    })
}

/// The words after the options in front; `with_word` are those that take a word.
fn after_options<'a, 'b>(words: &'a [&'b str], with_word: &[&str]) -> &'a [&'b str] {
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        if !first.starts_with('-') {
            break;
        }
        let own = usize::from(with_word.contains(first));
        rest = after.get(own..).unwrap_or_default();
        if *first == "--" {
            break;
        }
    }
    rest
}

/// `NAME=value`
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// The script of `sh -c '…'`.
fn script_of(program: &ProgramWord) -> Option<&str> {
    if !SHELLS.contains(&file_name(&program.word)) {
        return None;
    }
    let mut arguments = program.arguments.iter();
    let takes_script =
        |it: &&String| it.starts_with('-') && !it.starts_with("--") && it.contains('c');
    arguments.find(takes_script)?;
    arguments.next().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(command: &str) -> (String, Option<&'static str>) {
        let program = program_of(command);
        (program.word, program.runner)
    }

    #[test]
    fn the_program_is_found_behind_its_helpers() {
        let cases = [
            ("server --port $PORT", "server", None),
            ("  ./bin/server start", "bin/server", None),
            ("exec ./server", "server", None),
            ("env -u X A=b /usr/bin/env B='c d' server", "server", None),
            (
                "RAILS_ENV=production bundle exec puma -C x",
                "puma",
                Some("bundle exec"),
            ),
            (
                "exec poetry run -- gunicorn app:app",
                "gunicorn",
                Some("poetry run"),
            ),
            ("npm run start", "start", Some("npm run")),
            ("npm start", "npm", None),
            ("npx --yes serve -s dist", "serve", Some("npx")),
            ("opam exec -- dune exec x", "dune", Some("opam exec")),
            ("cd web && ./server", "server", None),
            ("cd web; server", "server", None),
            ("migrate && server", "migrate", None),
            ("cd web", "cd", None),
            ("sh -c 'exec server \"$PORT\"'", "server", None),
            ("bash -lc \"cd x && sh -c 'exec server'\"", "server", None),
            ("bash start.sh", "bash", None),
            ("nice -n 5 timeout -s TERM 60 worker", "worker", None),
            ("'my server' x", "my server", None),
            ("$HOME/x", "$HOME/x", None),
            ("don't quote", "don't", None),
            ("env", "env", None),
            ("bundle exec", "bundle", None),
            ("A=b", "", None),
            ("", "", None),
            ("&& ;", "", None),
        ];
        for (command, word, runner) in cases {
            assert_eq!(plain(command), (word.to_owned(), runner), "{command}");
        }
        assert_eq!(program_of("a b | c").arguments, ["b"]);
    }

    proptest! {
        #[test]
        fn no_command_makes_it_panic(command in "(?s).{0,100}") {
            let _ = program_of(&command);
        }

        #[test]
        fn helpers_change_nothing(
            helpers in prop::collection::vec(prop::sample::select(vec!["exec ", "env ", "A=b ", "nohup ", "timeout 5 ", "nice -n 3 "]), 0..6),
            word in "[a-z]{3,9}x",
        ) {
            prop_assert_eq!(plain(&format!("{}{word} now", helpers.concat())), (word, None));
        }
    }
}
