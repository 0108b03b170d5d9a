//! Values that try to be more than a value, in every place of a plan that takes one.

#![allow(dead_code, reason = "each ring uses its part")]

use nixdyno::names::{
    AppName, AttrPath, BuildArgName, BuildArgValue, ImageRef, NixFile, ProcessType, ProgramName,
    ProjectPath, Region,
};
use nixdyno::plan::{Command, NixArg, NixPart, Plan, Process};

/// Each with a name. None is what anybody would want in any place but a text.
pub const VALUES: &[(&str, &str)] = &[
    ("single-quote", "it's"),
    ("quotes", "'\"'\"'"),
    ("double-quote", "say \"hi\""),
    ("only-quote", "\""),
    ("dollar", "$HOME"),
    ("braces", "${PATH}"),
    ("default", "${X:-y}${X:+z}"),
    ("command", "$(id)"),
    ("backtick", "`id`"),
    ("backslash", "a\\b"),
    ("backslash-end", "a\\"),
    ("backslashes-end", "a\\\\"),
    ("backslash-quote", "\\'"),
    ("backslash-double", "\\\""),
    ("backslash-dollar", "\\$HOME"),
    ("backslash-n", "a\\nb"),
    ("hash", "#x"),
    ("hash-inside", "a #b"),
    ("escape-directive", "# escape=`"),
    ("syntax-directive", "# syntax=evil/frontend"),
    ("dashes", "--"),
    ("dash", "-x"),
    ("flag", "--out-link"),
    ("heredoc", "<<EOF"),
    ("heredoc-word", "a <<-'EOF' b"),
    ("semicolon", "a; id"),
    ("ampersands", "a && id"),
    ("pipe", "a | id > /x"),
    ("newline", "a\nRUN id"),
    ("newline-escaped", "a\\\nRUN id"),
    ("carriage-return", "a\rb"),
    ("tab", "a\tb"),
    ("nul", "a\0b"),
    ("escape", "a\u{1b}[2Jb"),
    ("next-line", "a\u{85}b"),
    ("line-separator", "a\u{2028}RUN id"),
    ("right-to-left", "a\u{202e}b\u{2066}c"),
    ("combining", "e\u{301}\u{327}"),
    ("emoji", "👩\u{200d}🚀"),
    ("wide", "名前"),
    ("no-break-space", "a\u{a0}b"),
    ("spaces", "  a  b  "),
    ("json", "\"], [\"x"),
    ("json-escape", "\\u0041\\/"),
    ("glob", "* ? [a-z] ~"),
    ("braces-expand", "{a,b}"),
    ("history", "!!"),
    ("equals", "A=B"),
    ("percent", "%s%n%1$s"),
    ("nix-antiquote", "a${b}c''${d}"),
    ("template", "{{ x }}{% y %}"),
    ("from", "FROM scratch"),
    ("onbuild", "ONBUILD RUN id"),
    ("dots", "../../etc/passwd"),
    (
        "long",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'$",
    ),
];

/// What became of a value in a place: refused, with the error's id, or put into the plan.
pub type Fate = Result<(), &'static str>;

/// A plan with every value in every place that takes it.
pub struct Hostile {
    pub plan: Plan,
    /// `place/value`, and its fate.
    pub fates: Vec<(String, Fate)>,
    /// The words that each call of Nix for the project must get, one after the other.
    pub nix_words: Vec<String>,
    /// The attributes that are built, as Nix writes them.
    pub attributes: Vec<String>,
    /// The packages beside the app.
    pub packages: Vec<String>,
    /// Arguments of the Docker build.
    pub args: Vec<(String, String)>,
    /// The words of `CMD` by process type.
    pub commands: Vec<(String, Vec<String>)>,
}

pub fn hostile() -> Hostile {
    let mut it = Hostile {
        plan: serde_json::from_str(include_str!("../fixtures/plan.json")).unwrap(),
        fates: Vec::new(),
        nix_words: Vec::new(),
        attributes: vec!["packages.x86_64-linux.default".to_owned()],
        packages: Vec::new(),
        args: Vec::new(),
        commands: Vec::new(),
    };
    for (at, (name, value)) in VALUES.iter().enumerate() {
        it.words(at, name, value);
        it.processes(at, name, value);
        it.names(name, value);
    }
    // A word that would be too much for a terminal is one for a comment, too.
    it.plan.again = VALUES
        .iter()
        .map(|(_, value)| (*value).to_owned())
        .collect();
    it
}

impl Hostile {
    fn fate<T>(&mut self, place: &str, name: &str, tried: nixdyno::error::Result<T>) -> Option<T> {
        let case = format!("{place}/{name}");
        match tried {
            Ok(value) => {
                self.fates.push((case, Ok(())));
                Some(value)
            }
            Err(error) => {
                assert!(!error.todo().is_empty(), "{case}: {error}");
                self.fates.push((case, Err(error.id())));
                None
            }
        }
    }

    /// Places of which one plan has many.
    fn words(&mut self, at: usize, name: &str, value: &str) {
        let words = ["--option".to_owned(), format!("x{at}"), value.to_owned()];
        let part = NixPart::new(
            "nix-args",
            words.to_vec(),
            nixdyno::inspect::Source::Default,
        );
        if let Some(part) = self.fate("nix-arg", name, part) {
            self.nix_words.extend(words);
            self.plan.build.nix_args.extend(part.words);
        }
        let alone = NixArg::try_from(value.to_owned());
        let alone = alone.and_then(|_| {
            NixPart::new(
                "nix-args",
                vec![value.to_owned()],
                nixdyno::inspect::Source::Default,
            )
        });
        // Alone it may be a flag; what can be one is of no known name.
        if let Some(part) = self.fate("nix-flag", name, alone) {
            self.nix_words.push(value.to_owned());
            self.plan.build.nix_args.extend(part.words);
        }
        let path = AttrPath::new([value]).to_string().parse::<AttrPath>();
        if let Some(path) = self.fate("attribute", name, path) {
            assert_eq!(path.names(), [value]);
            self.attributes.push(path.to_string());
            self.plan.build.also.push(path.clone());
            self.packages.push(path.to_string());
            self.plan.build.root.packages.push(path);
        }
        if let Some(path) = self.fate("attribute-unquoted", name, value.parse::<AttrPath>()) {
            self.attributes.push(path.to_string());
            self.plan.build.also.push(path);
        }
        if let Some(value) = self.fate("build-arg", name, value.parse::<BuildArgValue>()) {
            let arg = format!("A{at}");
            self.args.push((arg.clone(), value.as_str().to_owned()));
            self.plan.build.args.insert(arg.parse().unwrap(), value);
        }
    }

    /// A process each.
    fn processes(&mut self, at: usize, name: &str, value: &str) {
        let line = Command::parse(value);
        self.fates.push((format!("process/{name}"), Ok(())));
        self.process(&format!("l{at}"), line);
        if let Some(program) = self.fate("program", name, value.parse::<ProgramName>()) {
            let words = vec![format!("/app/bin/{program}"), value.to_owned()];
            self.process(&format!("p{at}"), Command::Exec { words });
        }
    }

    fn process(&mut self, name: &str, command: Command) {
        self.commands.push((name.to_owned(), command.cmd_words()));
        let source = nixdyno::inspect::Source::Default;
        self.plan
            .processes
            .insert(name.parse().unwrap(), Process { command, source });
    }

    /// Places whose type takes plain names only: what they take is harmless, and stands in no plan here.
    fn names(&mut self, name: &str, value: &str) {
        self.fate("build-arg-name", name, value.parse::<BuildArgName>());
        self.fate("process-type", name, value.parse::<ProcessType>());
        self.fate("base", name, value.parse::<ImageRef>());
        self.fate("file", name, format!("{value}.nix").parse::<NixFile>());
        self.fate("app", name, value.parse::<AppName>());
        self.fate("region", name, value.parse::<Region>());
        self.fate("dockerfile", name, value.parse::<ProjectPath>());
    }
}
