//! C, C++ and Zig: what their sources show.

use super::file::Language;
use super::lex::COMMON;
use super::table::Means::{Commands, Listens, Opens, Reads, Serves};
use super::table::{HOST_PORT, Otherwise, Row, SILENT, Shape, Without, row, with};
use crate::inspect::project::Ecosystem;

/// `app.port(8080)` of Crow.
const PORT: Shape = Shape {
    port: Some(0),
    otherwise: Otherwise::All,
    serves: false,
    ..SILENT
};
/// cpp-httplib's `listen(host, port)`.
const LISTEN: Shape = Shape {
    only_readable: true,
    ..HOST_PORT
};
/// libmicrohttpd's `MHD_start_daemon(flags, port, …)`.
const DAEMON: Shape = Shape {
    port: Some(1),
    otherwise: Otherwise::All,
    ..SILENT
};
const NAMED: Shape = Shape {
    named: true,
    only_readable: true,
    ..SILENT
};

/// The language.
pub(super) const C: Language = Language {
    ecosystem: Ecosystem::C,
    files: &[".c", ".cc", ".cpp", ".cxx"],
    lexis: COMMON,
    rows: C_ROWS,
    prepare: None,
};

const C_ROWS: &[Row] = &[
    row("MHD_start_daemon(", Listens(DAEMON)),
    row("mg_http_listen(", Serves),
    row("mg_start(", Serves),
    row("evhttp_new(", Serves),
    row("httplib::Server", Serves),
    with(".listen(", &["httplib"], Listens(LISTEN)),
    with(".port(", &["crow", "SimpleApp"], Listens(PORT)),
    row("crow::SimpleApp", Serves),
    with("drogon::app(", &["drogon"], Serves),
    with("addListener(", &["drogon"], Listens(LISTEN)),
    row("getopt(", Commands),
    row("getopt_long(", Commands),
    row("getenv(", Reads(Without::Depends)),
    row("secure_getenv(", Reads(Without::Depends)),
    row("fopen(", Opens),
];

/// The language.
pub(super) const ZIG: Language = Language {
    ecosystem: Ecosystem::Zig,
    files: &[".zig"],
    lexis: COMMON,
    rows: ZIG_ROWS,
    prepare: None,
};

const ZIG_ROWS: &[Row] = &[
    with("std.http.Server.init(", &["std"], Serves),
    with("http.Server.init(", &["std"], Serves),
    with("httpz.Server(", &["httpz"], Serves),
    with(".init(allocator,.{", &["httpz"], Listens(NAMED)),
    with("zap.HttpListener.init(", &["zap"], Serves),
    with("argsAlloc(", &["std"], Commands),
    with("argsWithAllocator(", &["std"], Commands),
    row("getEnvVarOwned(allocator,", Reads(Without::Depends)),
    row("posix.getenv(", Reads(Without::Depends)),
];
