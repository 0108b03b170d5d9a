//! Commands that are for a developer's machine: watchers, servers for development, databases beside the app.
//!
//! Takes a command; gives what in it is for development, in a few words. A row is one program. The one such
//! table: for lines of a Procfile and for what a package itself starts.

use super::program::{ProgramWord, programs_of};
use crate::files::file_name;

/// A program that has no place on a dyno, always or with some words.
struct Row {
    program: &'static str,
    /// One of these must be among its words; none: it is always for development.
    with: &'static [&'static str],
    /// None of these may be.
    without: &'static [&'static str],
}

const fn always(program: &'static str) -> Row {
    Row {
        program,
        with: &[],
        without: &[],
    }
}

const fn with(program: &'static str, with: &'static [&'static str]) -> Row {
    Row {
        program,
        with,
        without: &[],
    }
}

const WATCH: &[&str] = &[
    "--watch",
    "-w",
    "watch",
    "--watch=always",
    "--watch=forever",
];

const ROWS: &[Row] = &[
    always("air"),
    always("browser-sync"),
    always("cargo-watch"),
    always("docker-compose"),
    always("entr"),
    always("foreman"),
    always("ghcid"),
    always("guard"),
    always("hivemind"),
    always("mailcatcher"),
    always("mailhog"),
    always("mailpit"),
    always("memcached"),
    always("modd"),
    always("mongod"),
    always("mysqld"),
    always("ngrok"),
    always("nodemon"),
    always("overmind"),
    always("postgres"),
    always("redis-server"),
    always("reflex"),
    always("ts-node-dev"),
    always("watchexec"),
    always("watchmedo"),
    always("webpack-dev-server"),
    always("http.server"),
    with("astro", &["dev"]),
    with("bun", &["--watch", "--hot"]),
    with("cargo", &["watch"]),
    with("deno", &["--watch"]),
    with("django-admin", &["runserver"]),
    with("docker", &["compose"]),
    with("dotnet", &["watch"]),
    with("esbuild", &["--watch", "--serve", "--servedir"]),
    with("flask", &["run"]),
    with("gulp", &["watch"]),
    with("manage.py", &["runserver"]),
    with("next", &["dev"]),
    with("node", &["--watch"]),
    with("npm", &["dev"]),
    with("nuxt", &["dev"]),
    with("parcel", &["watch", "serve"]),
    with("pg_ctl", &["start"]),
    with("postcss", WATCH),
    with("rollup", WATCH),
    with("sass", WATCH),
    with("stripe", &["listen"]),
    with("tailwindcss", WATCH),
    with("trunk", &["serve", "watch"]),
    with("tsc", WATCH),
    with("tsx", &["watch", "--watch"]),
    with("uvicorn", &["--reload"]),
    with("webpack", &["--watch", "-w", "watch", "serve"]),
    // A script of package.json with such a name watches.
    always("dev"),
    always("start:dev"),
    always("watch"),
    Row {
        program: "vite",
        with: &[],
        without: &["build", "preview"],
    },
];

/// What in a command is for development: `tailwindcss --watch`.
pub(in crate::inspect) fn development(command: &str) -> Option<String> {
    let programs = programs_of(command).into_iter().map(interpreted);
    programs.into_iter().find_map(|program| {
        let program = &program;
        let row = ROWS.iter().find(|row| fits(row, program))?;
        let said = row.with.iter().find(|it| has(program, it));
        let name = file_name(&program.word);
        let runner = program.runner.filter(|_| is_script(row));
        Some(match (runner, said) {
            (Some(runner), _) => format!("{runner} {name}"),
            (None, Some(said)) => format!("{name} {said}"),
            (None, None) => name.to_owned(),
        })
    })
}

/// What Python runs in the place of `python`: `-m flask`, `manage.py`.
fn interpreted(mut program: ProgramWord) -> ProgramWord {
    if !file_name(&program.word).starts_with("python") {
        return program;
    }
    let words = program.arguments.iter();
    let at = words.clone().position(|it| it == "-m").map_or_else(
        || words.clone().position(|it| !it.starts_with('-')),
        |at| Some(at + 1),
    );
    if let Some(at) = at.filter(|at| *at < program.arguments.len()) {
        let mut words = program.arguments.split_off(at).into_iter();
        program.word = words.next().unwrap_or_default();
        program.arguments = words.collect();
    }
    program
}

fn fits(row: &Row, program: &ProgramWord) -> bool {
    let one_of = |words: &[&str]| words.iter().any(|it| has(program, it));
    let named = file_name(&program.word) == row.program;
    // `dev` alone may be anybody's program.
    let meant = !is_script(row) || program.runner.is_some_and(|it| it.ends_with(" run"));
    named && meant && (row.with.is_empty() || one_of(row.with)) && !one_of(row.without)
}

/// Whether the name is one that people give to scripts of package.json.
fn is_script(row: &Row) -> bool {
    ["dev", "start:dev", "watch"].contains(&row.program)
}

/// Whether a word stands among the arguments, also as `--word=value`.
fn has(program: &ProgramWord, word: &str) -> bool {
    let mut arguments = program.arguments.iter();
    arguments.any(|it| it == word || (word.starts_with('-') && it.split('=').next() == Some(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watchers_are_known() {
        let cases = [
            ("air -c .air.toml", "air"),
            ("npx tailwindcss -i a.css --watch", "tailwindcss --watch"),
            ("tailwindcss --watch=always", "tailwindcss --watch"),
            ("cargo watch -x run", "cargo watch"),
            ("cd web && npm run dev", "npm run dev"),
            ("node_modules/.bin/vite", "vite"),
            ("bin/vite dev", "vite"),
            ("webpack --watch", "webpack --watch"),
            ("python manage.py runserver 0:80", "manage.py runserver"),
            ("python3 -m flask --app x run", "flask run"),
            ("python -u -m http.server", "http.server"),
            ("npm --prefix web run dev", "npm dev"),
            ("docker compose up db", "docker compose"),
            ("postgres -D .pg", "postgres"),
            ("sh -c 'redis-server --port 6379'", "redis-server"),
            ("uvicorn app:app --reload", "uvicorn --reload"),
        ];
        for (command, said) in cases {
            assert_eq!(development(command).as_deref(), Some(said), "{command}");
        }
    }

    #[test]
    fn commands_of_a_dyno_are_not() {
        let commands = [
            "server --watch-dir x",
            "vite preview --port $PORT",
            "npm run build && npm run start",
            "dev",
            "cargo run",
            "bundle exec rails server -b 0.0.0.0",
            "mix phx.server",
            "python -m gunicorn app:app",
            "python",
            "python -m",
            "uvicorn app:app --port $PORT",
            "mix ecto.migrate",
            "docker-entrypoint",
            "",
        ];
        for command in commands {
            assert_eq!(development(command), None, "{command}");
        }
    }

    #[test]
    fn no_program_stands_twice() {
        let names: std::collections::BTreeSet<_> = ROWS.iter().map(|it| it.program).collect();
        assert_eq!(names.len(), ROWS.len());
    }
}
