//! Go: what its sources show.

use super::file::{File, Language};
use super::flags::Flag;
use super::lex::{COMMON, Kind, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves, Works};
use super::table::{Otherwise, Row, SILENT, Shape, WHOLE, Without, row, with};
use crate::inspect::project::Ecosystem;

/// `&http.Server{Addr: addr}`.
const SERVER: Shape = Shape {
    named: true,
    only_readable: true,
    ..SILENT
};
/// gin minds `$PORT` when it is told nothing.
const GIN: Shape = Shape {
    whole: Some(0),
    otherwise: Otherwise::All,
    default_variable: Some("PORT"),
    ..SILENT
};
/// Methods whose name others have, too.
const METHOD: Shape = Shape {
    only_readable: true,
    ..WHOLE
};
const LISTEN: Shape = Shape {
    whole: Some(1),
    ..SILENT
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Go,
    files: &[".go"],
    lexis: Lexis {
        texts: &[("`", "`", true), ("\"", "\"", false)],
        ..COMMON
    },
    rows: ROWS,
    prepare: Some(flags),
};

const ROWS: &[Row] = &[
    row("http.ListenAndServe(", Listens(WHOLE)),
    row("http.ListenAndServeTLS(", Listens(WHOLE)),
    row("http.Server{", Listens(SERVER)),
    with(".ListenAndServe(", &["net/http"], Serves),
    with(".ListenAndServeTLS(", &["net/http"], Serves),
    row("http.Serve(", Serves),
    row("fasthttp.ListenAndServe(", Listens(WHOLE)),
    with(".Run(", &["github.com/gin-gonic/gin"], Listens(GIN)),
    with("gin.Default(", &["github.com/gin-gonic/gin"], Serves),
    with("gin.New(", &["github.com/gin-gonic/gin"], Serves),
    with(".Start(", &["github.com/labstack/echo"], Listens(METHOD)),
    with("echo.New(", &["github.com/labstack/echo"], Serves),
    with(".Listen(", &["github.com/gofiber/fiber"], Listens(METHOD)),
    with("fiber.New(", &["github.com/gofiber/fiber"], Serves),
    row("net.Listen(", Listens(LISTEN)),
    with("grpc.NewServer(", &["google.golang.org/grpc"], Serves),
    with("discordgo.New(", &["github.com/bwmarrin/discordgo"], Works),
    with(".GetUpdatesChan(", &[], Works),
    with("telebot.NewBot(", &[], Works),
    with("tele.NewBot(", &[], Works),
    with("socketmode.New(", &["github.com/slack-go/slack"], Works),
    with(
        ".Consume(",
        &[
            "github.com/rabbitmq/amqp091-go",
            "github.com/streadway/amqp",
        ],
        Works,
    ),
    with("sarama.NewConsumerGroup(", &[], Works),
    with(
        "kafka.NewReader(",
        &["github.com/segmentio/kafka-go"],
        Works,
    ),
    with("asynq.NewServer(", &["github.com/hibiken/asynq"], Works),
    with("worker.New(", &["go.temporal.io/sdk"], Works),
    with("cron.New(", &["github.com/robfig/cron"], Works),
    with("range time.Tick(", &["time"], Works),
    with(
        ".BLPop(",
        &["github.com/redis/go-redis", "github.com/go-redis/redis"],
        Works,
    ),
    with(
        ".BRPop(",
        &["github.com/redis/go-redis", "github.com/go-redis/redis"],
        Works,
    ),
    row("flag.Parse(", Commands),
    row("cobra.Command{", Commands),
    row("cli.App{", Commands),
    with("kong.Parse(", &["github.com/alecthomas/kong"], Commands),
    row("os.Args", Commands),
    row("http.Dir(", Opens),
    row("http.ServeFile(w,r,", Opens),
    row("template.ParseGlob(", Opens),
    row("template.ParseFiles(", Opens),
    row(".LoadHTMLGlob(", Opens),
    row("os.ReadFile(", Opens),
    row("ioutil.ReadFile(", Opens),
    row("os.Open(", Opens),
    row("os.DirFS(", Opens),
    row("os.ReadDir(", Opens),
    with(
        ".Static(\"/\",",
        &["github.com/labstack/echo", "github.com/gofiber/fiber"],
        Opens,
    ),
    row("os.Getenv(", Reads(Without::Depends)),
    row("os.LookupEnv(", Reads(Without::Depends)),
    row("syscall.Getenv(", Reads(Without::Depends)),
    row("getenv(", Reads(Without::Depends)),
    row("getEnv(", Reads(Without::Depends)),
    row("GetEnv(", Reads(Without::Depends)),
    row("envOr(", Reads(Without::Depends)),
    row("mustGetenv(", Reads(Without::EndsUnlessDefault)),
    row("mustGetEnv(", Reads(Without::EndsUnlessDefault)),
    row("MustGetenv(", Reads(Without::EndsUnlessDefault)),
    row("mustEnv(", Reads(Without::EndsUnlessDefault)),
    row("MustEnv(", Reads(Without::EndsUnlessDefault)),
    row("requireEnv(", Reads(Without::EndsUnlessDefault)),
];

/// Methods that declare a flag, without the ends `Var` and `P`.
const DECLARE: &[&str] = &["Int", "IP", "String", "Uint", "Uint16"];
/// Methods that ask for a flag by its name.
const ASK: &[&str] = &["GetInt", "GetIP", "GetString", "GetUint", "GetUint16"];

/// `flag.String("addr", ":8080", "…")`, `cmd.Flags().StringVarP(&addr, "addr", "a", ":8080", "…")`.
fn flags(file: &mut File<'_>) {
    let dashes = if file.holds(&["github.com/spf13/pflag", "github.com/spf13/cobra"]) {
        "--"
    } else {
        "-"
    };
    let mut asked = Vec::new();
    for at in 2..file.tokens.len() {
        if file.text(at - 1) != "." || file.text(at + 1) != "(" {
            continue;
        }
        let method = file.text(at);
        if ASK.contains(&method) && file.text(at + 3) == ")" {
            asked.extend(flag_set(file, at - 1).zip(file.literal(at + 2)));
        } else if let Some((kind, var, short)) = declares(method)
            && DECLARE.contains(&kind)
            && let Some(start) = flag_set(file, at - 1)
        {
            declare(file, start, at + 2, dashes, (var, short));
        }
    }
    for (at, name) in asked {
        let name = format!("{dashes}{name}");
        let known = file
            .flags
            .iter()
            .find(|it| it.name.as_ref() == Some(&name))
            .cloned();
        if let Some(flag) = known {
            let end = at + 12;
            let end = (at..end).find(|it| file.literal(*it).is_some());
            let end = end.map_or(at, |it| it + 2);
            file.flags.push(Flag { at, end, ..flag });
        }
    }
}

/// `StringVarP`: its kind, whether it is given the variable, whether it has a short form.
fn declares(method: &str) -> Option<(&str, bool, bool)> {
    let (rest, short) = match method.strip_suffix('P') {
        Some(rest) if method != "IP" && !method.ends_with("VarIP") => (rest, true),
        _ => (method, false),
    };
    let (kind, var) = match rest.strip_suffix("Var") {
        Some(kind) => (kind, true),
        None => (rest, false),
    };
    (!kind.is_empty()).then_some((kind, var, short))
}

/// Where the set of flags starts that stands before a dot: `flag`, `cmd.Flags()`, a name for a new set.
fn flag_set(file: &File<'_>, dot: usize) -> Option<usize> {
    let last = dot.checked_sub(1)?;
    if file.text(last) == ")" {
        let method = file.text(last.checked_sub(2)?);
        let start = last.checked_sub(4)?;
        let flags = matches!(method, "Flags" | "PersistentFlags") && file.text(last - 1) == "(";
        return (flags && file.text(last - 3) == ".").then_some(start);
    }
    let name = file.text(last);
    // One with a name of its own may be a subcommand's, whose word must come first.
    let own = |range: &std::ops::Range<usize>| {
        let made = range
            .clone()
            .take(8)
            .find(|it| file.text(*it) == "NewFlagSet");
        made.is_some_and(|it| file.literal(it + 2).is_none())
    };
    let made = file
        .names
        .get(name)
        .is_some_and(|it| it.iter().take(2).any(own));
    let before = last.checked_sub(1).map_or("", |it| file.text(it));
    (before != "." && (matches!(name, "flag" | "pflag") || made)).then_some(last)
}

/// Notes the flag whose arguments start at `from`.
fn declare(file: &mut File<'_>, at: usize, from: usize, dashes: &str, form: (bool, bool)) {
    let Some((arguments, close)) = file.arguments(from) else {
        return;
    };
    let (var, short) = (usize::from(form.0), usize::from(form.1));
    let (Some(name), Some(default)) = (arguments.get(var), arguments.get(var + short + 1)) else {
        return;
    };
    let Some(name) = file.literal(name.start) else {
        return;
    };
    let flag = Flag {
        at,
        end: close + 1,
        name: Some(format!("{dashes}{name}")),
        default: default.clone(),
    };
    if !form.0 {
        file.flags.push(flag);
        return;
    }
    let place = arguments.first().cloned().unwrap_or(from..from);
    let words: Vec<_> = file.tokens.get(place).unwrap_or_default().to_vec();
    match words.as_slice() {
        [and, word] if and.text == "&" && word.kind == Kind::Word => {
            file.names.set(word.text, at..close + 1);
            file.flags.push(flag);
        }
        [and, head, dot, member] if and.text == "&" && dot.text == "." => {
            file.hold_flag(Some(head.text), member.text, flag);
        }
        _ => {}
    }
}
