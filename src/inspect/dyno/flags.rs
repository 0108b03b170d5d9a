//! Which flags the program must be started with: those that alone say where it listens.
//!
//! Takes where the sources listen and how the program is started; gives needs, each with the flag, the words
//! to put behind it, and its place. Never: a flag where the program reads `PORT` as well, or one of two flags
//! of which it isn't plain which is the app's.

use super::super::procfile;
use super::super::project::{Declared, Need, NeedId};
use super::super::sources::{Address, Listen, Port};
use super::super::weigh::Judged;
use super::command::Words;
use super::place;

/// Parts of the names of flags for what stands beside the app itself.
const BESIDE: &[&str] = &[
    "admin",
    "backend",
    "cluster",
    "control",
    "debug",
    "gossip",
    "grpc",
    "health",
    "internal",
    "metric",
    "monitor",
    "peer",
    "pprof",
    "probe",
    "prom",
    "raft",
    "redirect",
    "rpc",
    "stat",
    "telemetry",
    "upstream",
];
/// Names of the app's own flags, where others are there, too.
const PLAIN: &[&str] = &[
    "addr",
    "address",
    "bind",
    "host",
    "hostname",
    "http",
    "http-addr",
    "http-address",
    "http-listen",
    "http-port",
    "ip",
    "l",
    "listen",
    "listen-addr",
    "listen-address",
    "p",
    "port",
];

/// How the words come to the program.
enum Start {
    /// nixdyno writes the command.
    Written,
    /// A process of the project's does.
    Declared,
    /// A script of the package does; what it hands on can't be told.
    Script,
    /// Another program is started: nothing is known of its flags.
    Other,
}

/// How the program is started.
fn start(judged: &Judged, web: Option<&Declared>) -> Start {
    let own = judged.draft.candidate.program.name();
    if let Some(web) = web {
        let started = procfile::program_of(&web.value).word;
        let started = started.rsplit('/').next().unwrap_or_default();
        return match own {
            Some(own) if own != started || web.attribute.is_some() => Start::Other,
            _ => Start::Declared,
        };
    }
    let script = judged
        .draft
        .package
        .as_ref()
        .and_then(|it| it.command.as_ref());
    script.map_or(Start::Written, |_| Start::Script)
}

/// The flag for the port, which may hold the address, too; where the port comes from no variable.
pub(super) fn port(judged: &Judged, web: Option<&Declared>, words: &Words) -> Option<Need> {
    let sources = &judged.sources;
    // Of two places, one with a number of its own, that one may well be the app's.
    let fixed = |it: &Listen| matches!(it.port, Port::Fixed(_));
    let reads_port = sources.variables.iter().any(|it| it.name == "PORT");
    if reads_port || words.give_port() || sources.listens.iter().any(fixed) {
        return None;
    }
    let flag = |it: &Listen| {
        let whole = it.flag.as_ref().filter(|_| it.whole);
        let flag = it.port_flag.as_ref().or(whole)?;
        (it.port == Port::Elsewhere).then(|| flag.clone())
    };
    let (listen, flag) = one(&sources.listens, flag)?;
    let whole = listen.port_flag.is_none();
    let value = match listen
        .default
        .as_deref()
        .and_then(|it| it.split_once("://"))
    {
        _ if !whole => "$PORT".to_owned(),
        Some((scheme @ ("http" | "tcp" | "tcp4"), _)) => format!("{scheme}://0.0.0.0:$PORT"),
        // A socket in the file system, or TLS, which Heroku's router ends: what else it takes isn't known.
        Some(_) => return None,
        None => "0.0.0.0:$PORT".to_owned(),
    };
    let gives = if whole {
        "address and port come"
    } else {
        "the port comes"
    };
    let without = if whole {
        &listen.default
    } else {
        &listen.port_default
    };
    let otherwise = without
        .as_ref()
        .map_or_else(String::new, |it| format!(" ({it} without)"));
    let what = format!("{gives} from the flag `{flag}`{otherwise}, and Heroku sets `PORT`");
    need(
        NeedId::PortFlag,
        what,
        (listen, flag, value),
        &start(judged, web),
    )
}

/// The flag for the address, where the server listens on this machine only without it.
pub(super) fn address(judged: &Judged, web: Option<&Declared>, words: &Words) -> Option<Need> {
    if words.open() {
        return None;
    }
    let flag = |it: &Listen| {
        let local = it.default_address == Some(Address::Local) && it.address_variable.is_none();
        it.flag.clone().filter(|_| local && !it.whole)
    };
    let (listen, flag) = one(&judged.sources.listens, flag)?;
    let what = format!("the address comes from the flag `{flag}`, and must be 0.0.0.0 on a dyno");
    let value = "0.0.0.0".to_owned();
    need(
        NeedId::AddressFlag,
        what,
        (listen, flag, value),
        &start(judged, web),
    )
}

/// The one place whose flag is the app's.
fn one(listens: &[Listen], flag: impl Fn(&Listen) -> Option<String>) -> Option<(&Listen, String)> {
    let named = listens.iter().filter_map(|it| Some((it, flag(it)?)));
    let mut named: Vec<(&Listen, String)> = named.collect();
    named.retain(|(_, name)| !BESIDE.iter().any(|word| name.contains(word)));
    let same =
        |all: &[(&Listen, String)]| all.windows(2).all(|it| matches!(it, [a, b] if a.1 == b.1));
    if !same(&named) {
        named.retain(|(_, name)| PLAIN.contains(&name.trim_start_matches('-')));
    }
    same(&named).then(|| named.into_iter().next()).flatten()
}

fn need(id: NeedId, what: String, told: (&Listen, String, String), start: &Start) -> Option<Need> {
    let (listen, flag, value) = told;
    let todo = match start {
        Start::Written => format!(
            "nothing where nixdyno writes the command; in a Procfile, write `{flag} {value}` behind the program"
        ),
        Start::Declared => {
            format!("in the process `web`, write `{flag} {value}` behind the program")
        }
        Start::Script => format!("in the script, write `{flag} {value}` behind the program"),
        Start::Other => return None,
    };
    let carried = !matches!(start, Start::Script);
    Some(Need {
        id,
        what,
        todo,
        names: vec![flag],
        value: Some(value).filter(|_| carried),
        source: Some(place(&listen.seen)),
    })
}
