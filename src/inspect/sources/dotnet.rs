//! .NET: what its sources show.

use super::file::Language;
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves, Works};
use super::table::{Otherwise, Row, SILENT, Shape, WHOLE, Without, row, with};
use crate::inspect::project::Ecosystem;

/// Settings of the server that is made elsewhere.
const SETTING: Shape = Shape {
    serves: false,
    only_readable: true,
    ..WHOLE
};
const ANY_IP: Shape = Shape {
    port: Some(0),
    otherwise: Otherwise::All,
    ..SILENT
};
const LOCALHOST: Shape = Shape {
    otherwise: Otherwise::Local,
    ..ANY_IP
};

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Dotnet,
    files: &[".cs", ".fs"],
    lexis: Lexis {
        texts: &[
            ("\"\"\"", "\"\"\"", true),
            ("$@\"", "\"", true),
            ("@\"", "\"", true),
            ("$\"", "\"", false),
            ("\"", "\"", false),
        ],
        ..COMMON
    },
    rows: ROWS,
    prepare: None,
};

const ROWS: &[Row] = &[
    row("WebApplication.CreateBuilder(", Serves),
    row("WebApplication.CreateSlimBuilder(", Serves),
    row("WebApplication.Create(", Serves),
    row("ConfigureWebHostDefaults(", Serves),
    row("WebHost.CreateDefaultBuilder(", Serves),
    with("webApplication", &["Saturn"], Serves),
    with("startWebServer", &["Suave"], Serves),
    row("WebApplication.CreateBuilder", Serves),
    row("UseUrls(", Listens(SETTING)),
    row("Urls.Add(", Listens(SETTING)),
    with("app.Run(", &["WebApplication"], Listens(SETTING)),
    with("app.RunAsync(", &["WebApplication"], Listens(SETTING)),
    row("ListenAnyIP(", Listens(ANY_IP)),
    row("ListenLocalhost(", Listens(LOCALHOST)),
    row("DiscordSocketClient(", Works),
    row("TelegramBotClient(", Works),
    with("EventingBasicConsumer(", &["RabbitMQ"], Works),
    with("AsyncEventingBasicConsumer(", &["RabbitMQ"], Works),
    with("ConsumerBuilder", &["Confluent"], Works),
    with(
        "Host.CreateApplicationBuilder(",
        &["AddHostedService"],
        Works,
    ),
    with("RootCommand(", &["CommandLine"], Commands),
    with("Parser.Default.ParseArguments", &["CommandLine"], Commands),
    with("CommandApp(", &["Spectre"], Commands),
    row("File.ReadAllText(", Opens),
    row("File.OpenRead(", Opens),
    row("File.ReadAllLines(", Opens),
    row(
        "Environment.GetEnvironmentVariable(",
        Reads(Without::Depends),
    ),
];
