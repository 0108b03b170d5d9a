//! Go: what its sources show.

use super::file::Language;
use super::lex::{COMMON, Lexis};
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
    prepare: None,
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
