//! Java, Scala and Kotlin: what their sources and Spring's settings show.

use super::file::{File, Language};
use super::lex::{COMMON, Lexis};
use super::table::Means::{Commands, Listens, Opens, Reads, Serves, Works};
use super::table::{HOST_PORT, Otherwise, Row, SILENT, Shape, Without, row, with};
use crate::inspect::project::Ecosystem;

/// A port, and all addresses.
const PORT: Shape = Shape {
    port: Some(0),
    otherwise: Otherwise::All,
    ..SILENT
};
/// Others have such a method, too.
const METHOD: Shape = Shape {
    only_readable: true,
    ..PORT
};
/// A setting of a server that is made elsewhere.
const SETTING: Shape = Shape {
    serves: false,
    only_readable: true,
    ..SILENT
};
const SET_HOST: Shape = Shape {
    host: Some(0),
    ..SETTING
};
const SET_PORT: Shape = Shape {
    port: Some(0),
    ..SETTING
};
const KTOR: Shape = Shape {
    port: Some(1),
    named: true,
    otherwise: Otherwise::All,
    ..SILENT
};

/// `new InetSocketAddress(8080)`, of the JDK's own server.
const INET: Shape = Shape {
    only_readable: true,
    ..PORT
};
/// Spring's `server.port=8080`.
const SPRING_PORT: Shape = Shape {
    port: Some(0),
    otherwise: Otherwise::Unknown,
    ..SETTING
};
const SPRING_HOST: Shape = Shape {
    host: Some(0),
    ..SETTING
};

/// Spring's settings: they count beside its sources.
pub(super) const SETTINGS: Language = Language {
    ecosystem: Ecosystem::Jvm,
    files: &["application.properties"],
    lexis: Lexis {
        line: &["#"],
        block: &[],
        texts: &[],
        characters: false,
        ..COMMON
    },
    rows: SETTING_ROWS,
    prepare: Some(defaults),
};

const SETTING_ROWS: &[Row] = &[
    row("server.port=", Listens(SPRING_PORT)),
    row("server.address=", Listens(SPRING_HOST)),
    row("${", Reads(Without::Depends)),
];

/// `${DATABASE_URL}` without `:default` must be there.
fn defaults(file: &mut File<'_>) {
    let ends: Vec<bool> = file
        .reads
        .iter()
        .map(|it| file.text(it.end) == "}")
        .collect();
    for (read, end) in file.reads.iter_mut().zip(ends) {
        read.required = end;
    }
}

/// The language.
pub(super) const LANGUAGE: Language = Language {
    ecosystem: Ecosystem::Jvm,
    files: &[".java", ".scala", ".kt", ".kts"],
    lexis: Lexis {
        texts: &[
            ("s\"", "\"", false),
            ("\"\"\"", "\"\"\"", true),
            ("\"", "\"", false),
        ],
        ..COMMON
    },
    rows: ROWS,
    prepare: None,
};

const ROWS: &[Row] = &[
    with("EmberServerBuilder", &["ember"], Serves),
    with("BlazeServerBuilder", &["blaze"], Serves),
    with(".withHost(", &["ember"], Listens(SET_HOST)),
    with(".withPort(", &["ember"], Listens(SET_PORT)),
    with(".bindHttp(", &["blaze"], Listens(METHOD)),
    with("new ServerAt(", &["akka", "pekko"], Listens(HOST_PORT)),
    with("bindAndHandle(", &["akka"], Serves),
    with("Server.serve(", &["zio"], Serves),
    with("Server.defaultWithPort(", &["zio"], Listens(PORT)),
    with("SpringApplication.run(", &["springframework"], Serves),
    with("runApplication", &["springframework"], Serves),
    with("Javalin.create(", &["javalin"], Serves),
    with(".start(", &["javalin"], Listens(METHOD)),
    with("Vertx.vertx(", &["vertx"], Serves),
    with("createHttpServer(", &["vertx"], Serves),
    with(".listen(", &["vertx"], Listens(METHOD)),
    with("embeddedServer(", &["ktor"], Listens(KTOR)),
    with("HttpServer.create(", &["httpserver"], Serves),
    with("new InetSocketAddress(", &["httpserver"], Listens(INET)),
    with("Micronaut.run(", &["micronaut"], Serves),
    with("Quarkus.run(", &["quarkus"], Serves),
    with("run-jetty", &["ring"], Serves),
    with("JDABuilder", &["jda"], Works),
    with("TelegramBotsApi(", &["telegrambots"], Works),
    with("basicConsume(", &["rabbitmq"], Works),
    with("new KafkaConsumer", &["kafka"], Works),
    with("KafkaStreams(", &["kafka"], Works),
    with("CommandLine(", &["picocli"], Commands),
    with("OParser", &["scopt"], Commands),
    with("CommandIOApp", &["decline"], Commands),
    with("CliktCommand", &["clikt"], Commands),
    row("new FileInputStream(", Opens),
    row("new FileReader(", Opens),
    row("Path.of(", Opens),
    row("Paths.get(", Opens),
    with("Source.fromFile(", &["scala"], Opens),
    row("System.getenv(", Reads(Without::Depends)),
    row("sys.env(", Reads(Without::Ends)),
    row("sys.env.get(", Reads(Without::Depends)),
    row("sys.env.getOrElse(", Reads(Without::Depends)),
    row("requireNonNull(System.getenv(", Reads(Without::Ends)),
];
