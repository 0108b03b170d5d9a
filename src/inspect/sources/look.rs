//! Reads one prepared file by the rows of its language.
//!
//! Takes a [`File`] and rows; adds what they show to [`Sources`]. Each token is met once; a row looks at a
//! bounded number of tokens behind it.

use std::ops::Range;

use super::file::{File, Language};
use super::lex::Kind;
use super::place;
use super::reading::{Part, Reading};
use super::table::{Means, Row, Shape};
use super::{Address, Ecosystem, Listen, Port, Role, Seen, Sources, Variable};

/// Arguments longer than this are not looked at.
const MOST_TOKENS: usize = 120;
/// Names of arguments, and what they say.
const NAMED: &[(&str, Part)] = &[
    ("Addr", Part::Whole),
    ("Host", Part::Host),
    ("Port", Part::Port),
    ("address", Part::Host),
    ("bind", Part::Whole),
    ("bindAddr", Part::Host),
    ("bind_address", Part::Host),
    ("host", Part::Host),
    ("hostname", Part::Host),
    ("interface", Part::Host),
    ("ip", Part::Host),
    ("listen", Part::Whole),
    ("port", Part::Port),
];

/// Adds the variables that `file` reads.
fn variables(file: &File<'_>, out: &mut Sources) {
    for read in &file.reads {
        out.variables.push(Variable {
            name: read.name.to_owned(),
            required: read.required,
            seen: seen(file, read.at, read.name),
        });
    }
}

/// Adds what `file` shows; gives the tokens where it serves.
pub(super) fn look(file: &File<'_>, language: &Language, out: &mut Sources) -> Vec<usize> {
    variables(file, out);
    let rows = language.rows.iter().filter(|it| file.holds(it.given));
    let rows: Vec<&Row> = rows
        .filter(|it| !matches!(it.means, Means::Reads(_)))
        .collect();
    let mut serving = Vec::new();
    let mut heard = Vec::new();
    let mut bare = Vec::new();
    let mut momentary = false;
    for at in 0..file.tokens.len() {
        // `def serve(…)` calls nothing.
        let before = at.checked_sub(1).map_or("", |it| file.text(it));
        if matches!(before, "def" | "fn" | "func" | "function" | "fun") {
            continue;
        }
        let behind = file.tokens.get(at..).unwrap_or_default();
        for row in &rows {
            let Some(length) = row.length(behind) else {
                continue;
            };
            let Means::Listens(shape) = row.means else {
                if is_bare(row) {
                    bare.push((at, row.what()));
                    continue;
                }
                apply(file, row, at, at + length, out);
                if matches!(row.means, Means::Serves) {
                    serving.push(at);
                }
                continue;
            };
            // The first row that can read the place has it.
            if heard.last().is_some_and(|(last, _, _)| *last == at) {
                continue;
            }
            if let Some(listen) = listen(file, row, &shape, at, at + length) {
                // Whichever port is free: nobody could be told to come there.
                if listen.port == Port::Fixed(0) {
                    momentary = true;
                    break;
                }
                if is_bare(row) {
                    bare.push((at, row.what()));
                } else if shape.serves {
                    out.show(Role::Serves, seen(file, at, row.what()));
                    serving.push(at);
                }
                heard.push((at, shape.serves, listen));
            }
        }
    }
    let settled = if file.ecosystem == Ecosystem::Node {
        !momentary || !heard.is_empty()
    } else {
        !serving.is_empty() || takes_connections(file)
    };
    for (at, what) in bare.into_iter().filter(|_| settled) {
        out.show(Role::Serves, seen(file, at, what));
        serving.push(at);
    }
    serving.sort_unstable();
    hear(heard, out);
    serving
}

/// A socket or a server without a framework: it says that something serves only together with others.
const BARE: &[&str] = &["TcpListener::bind(", "createServer(", "net.Listen("];
/// Calls that take connections from a socket, again and again or for a framework.
const TAKING: &[&str] = &[
    "Accept",
    "Listener",
    "RunListener",
    "Serve",
    "ServeTLS",
    "accept",
    "from_tcp",
    "incoming",
    "serve",
    "serve_connection",
    "serve_with_incoming",
    "serve_with_incoming_shutdown",
];

fn is_bare(row: &Row) -> bool {
    BARE.contains(&row.needle)
}

/// Whether something in the file takes the connections of a socket.
fn takes_connections(file: &File<'_>) -> bool {
    (1..file.tokens.len()).any(|at| {
        let word = file.text(at);
        TAKING.binary_search(&word).is_ok()
            && file.text(at + 1) == "("
            && matches!(file.text(at - 1), "." | ":")
    })
}

/// Whether a place is a bare socket's.
pub(super) fn is_socket(what: &str) -> bool {
    matches!(what, "TcpListener::bind" | "net.Listen")
}

/// Adds the places; `withHost(…)` and `withPort(…)`, one after the other, are one.
fn hear(heard: Vec<(usize, bool, Listen)>, out: &mut Sources) {
    let mut setting = false;
    for (_, whole_call, listen) in heard {
        let last = out.listens.last_mut().filter(|_| setting && !whole_call);
        let last = last.filter(|it| it.seen.line.abs_diff(listen.seen.line) < 12);
        setting = !whole_call;
        match last {
            Some(last) if last.port == Port::Elsewhere && listen.address == Address::Elsewhere => {
                last.port = listen.port.clone();
                last.take_flags(listen);
                setting = false;
            }
            Some(last) if last.address == Address::Elsewhere && listen.port == Port::Elsewhere => {
                last.address = listen.address.clone();
                last.take_flags(listen);
                setting = false;
            }
            _ => out.listens.push(listen),
        }
    }
}

impl Listen {
    /// Adds what the other half of a place says of flags and variables.
    fn take_flags(&mut self, other: Listen) {
        self.address_variable = self.address_variable.take().or(other.address_variable);
        self.flag = self.flag.take().or(other.flag);
        self.default = self.default.take().or(other.default);
        self.default_address = self.default_address.take().or(other.default_address);
        self.port_flag = self.port_flag.take().or(other.port_flag);
        self.port_default = self.port_default.take().or(other.port_default);
    }
}

/// Something seen at a token.
pub(super) fn seen(file: &File<'_>, at: usize, what: &str) -> Seen {
    Seen {
        what: what.to_owned(),
        path: file.path.to_owned(),
        line: file.tokens.get(at).map_or(1, |it| it.line),
    }
}

fn apply(file: &File<'_>, row: &Row, at: usize, end: usize, out: &mut Sources) {
    let now = seen(file, at, row.what());
    match row.means {
        Means::Serves => out.show(Role::Serves, now),
        Means::Works => out.show(Role::Works, now),
        Means::Commands => out.show(Role::Commands, now),
        Means::Development => {
            out.development.get_or_insert(now);
        }
        Means::Opens => {
            let open = usize::from(!row.needle.ends_with('(') && file.text(end) == "(");
            let path = file
                .tokens
                .get(end + open)
                .filter(|it| it.kind == Kind::Text);
            if let Some(path) = path.filter(|it| is_relative(it.text)) {
                out.relative.push(seen(file, at, path.text));
            }
        }
        Means::Listens(_) | Means::Reads(_) => {}
    }
}

/// A path that depends on the working directory, and is one path.
fn is_relative(path: &str) -> bool {
    let foreign = ["/", "~", "-", "<", "|", ":"];
    let open = ['{', '}', '$', '%', '\n', '\\', '*', ' ', '#', ':'];
    // A pattern such as `templates/*` still names a folder.
    let path = path.strip_suffix("*").unwrap_or(path);
    let path = path.split("/*").next().unwrap_or(path);
    !path.is_empty()
        && !foreign.iter().any(|it| path.starts_with(it))
        && !path.contains(open)
        && path.chars().any(char::is_alphanumeric)
}

/// Reads the arguments that stand at the places of a shape.
fn placed(file: &File<'_>, shape: &Shape, end: usize, arguments: &[Range<usize>]) -> Reading {
    let mut reading = Reading::default();
    let first = arguments.first().cloned().unwrap_or(end..end);
    let object = file.text(first.start) == "{" && !first.is_empty();
    // `start("0.0.0.0", port)` beside `start(port)`.
    let is_address = |it: &str| !it.is_empty() && it.parse::<u16>().is_err();
    let text_first = file
        .tokens
        .get(first.start)
        .is_some_and(|it| it.kind == Kind::Text && is_address(it.text));
    let swapped = shape.port == Some(0) && text_first && arguments.len() > 1;
    let (host, port) = if swapped {
        (Some(0), Some(1))
    } else {
        (shape.host, shape.port)
    };
    let parts = [
        (shape.whole, Part::Whole),
        (host, Part::Host),
        (port, Part::Port),
    ];
    for (index, part) in parts {
        let argument = index.and_then(|it| arguments.get(it)).filter(|_| !object);
        if let Some(argument) = argument.filter(|it| !is_function(file, it) && !is_named(file, it))
        {
            reading.join(place::read(file, argument.clone(), part));
        }
    }
    reading
}

fn listen(file: &File<'_>, row: &Row, shape: &Shape, at: usize, end: usize) -> Option<Listen> {
    let (all, arguments) = arguments(file, row, end);
    let mut reading = placed(file, shape, end, &arguments);
    let spread = all
        .clone()
        .any(|it| matches!((file.text(it), file.text(it + 1)), ("*", "*") | (".", ".")));
    if shape.named {
        named(file, all, &mut reading);
    }
    let known = reading.address().is_some_and(|it| it != Address::Elsewhere)
        || matches!(reading.port(), Some(Port::Fixed(_) | Port::Variable(_)))
        || reading.is_flagged();
    if shape.only_readable && !known {
        return None;
    }
    let default = match (shape.default_variable, shape.default_port) {
        (Some(name), _) => Port::Variable(name.to_owned()),
        (None, Some(port)) => Port::Fixed(port),
        (None, None) => Port::Elsewhere,
    };
    let (address, port) = if spread {
        let said = (reading.address(), reading.port());
        (
            said.0.unwrap_or(Address::Elsewhere),
            said.1.unwrap_or(Port::Elsewhere),
        )
    } else {
        let address = reading.address().unwrap_or(shape.otherwise.address());
        (address, reading.port().unwrap_or(default))
    };
    let (flag, whole, port_flag) = reading.flags();
    let (default, port_default) = reading.defaults();
    let (default_address, default) = default.map_or((None, None), |it| (Some(it.address), it.text));
    Some(Listen {
        address,
        port,
        whole,
        flag,
        default,
        default_address,
        port_flag,
        port_default,
        address_variable: reading.host_variable,
        seen: seen(file, at, row.what()),
    })
}

/// The range of all arguments, and each of them.
fn arguments(file: &File<'_>, row: &Row, end: usize) -> (Range<usize>, Vec<Range<usize>>) {
    if row.needle.ends_with(['(', '{', '[']) {
        return within(file, end);
    }
    let by_space = matches!(file.ecosystem, Ecosystem::Haskell | Ecosystem::Ocaml);
    if file.text(end) == "(" {
        let mut found = within(file, end + 1);
        // `run (read port) app`: the parentheses are one argument of several.
        if by_space {
            found.1 = vec![found.0.clone()];
        }
        return found;
    }
    let mut each = Vec::new();
    let mut at = end;
    let line = file.tokens.get(end.saturating_sub(1)).map(|it| it.line);
    while at < end + 24 {
        let Some(token) = file.tokens.get(at) else {
            break;
        };
        let ends = matches!(token.text, ";" | ")" | "]");
        let hands_on = by_space && matches!(token.text, "@" | "$" | "}");
        let stop = token.kind == Kind::Mark && (ends || hands_on);
        let new_line = Some(token.line) != line
            && !matches!(token.text, "~" | "(")
            && file.text(at.saturating_sub(1)) != ":"
            && file.text(at.saturating_sub(1)) != "~";
        if stop || token.text == "in" || new_line {
            break;
        }
        let next = if token.text == "(" {
            within(file, at + 1).0.end + 1
        } else {
            at + 1
        };
        if token.text != "," {
            each.push(at..next);
        }
        at = next;
    }
    // `0.0.0.0:$PORT` is one word of a shell; options follow.
    if file.ecosystem == Ecosystem::Shell {
        let word = (end..at).find(|it| file.text(*it) == "-").unwrap_or(at);
        each.clear();
        each.extend((word > end).then_some(end..word));
    }
    (end..at, each)
}

/// Arguments from behind an opening mark to its end.
fn within(file: &File<'_>, from: usize) -> (Range<usize>, Vec<Range<usize>>) {
    let mut depth = 0usize;
    let mut start = from;
    let mut each = Vec::new();
    let most = file.tokens.len().min(from + MOST_TOKENS);
    let mut at = from;
    while at < most {
        let mark = file.tokens.get(at).filter(|it| it.kind == Kind::Mark);
        match mark.map_or("", |it| it.text) {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth == 0 => break,
            ")" | "]" | "}" => depth -= 1,
            "," if depth == 0 => {
                each.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    if start < at {
        each.push(start..at);
    }
    (from..at, each)
}

/// `() => …`, `function () {…}`.
fn is_function(file: &File<'_>, range: &Range<usize>) -> bool {
    let words = range
        .clone()
        .take(20)
        .map(|at| (file.text(at), file.text(at + 1)));
    let mut words = words.take_while(|(it, _)| *it != "{");
    words.any(|it| it == ("=", ">") || matches!(it.0, "function" | "async" | "func"))
}

/// `port=8080`.
fn is_named(file: &File<'_>, range: &Range<usize>) -> bool {
    let sign = file.text(range.start + 1);
    let word = file
        .tokens
        .get(range.start)
        .is_some_and(|it| it.kind == Kind::Word);
    file.text(range.start) == "~"
        // `*options` spreads; `*addr` of Go is the value behind a pointer.
        || file.text(range.start) == "*" && file.ecosystem != Ecosystem::Go
        || word && (sign == "=" || sign == ":" && file.text(range.start + 2) != ":")
}

/// Reads the arguments with names.
fn named(file: &File<'_>, all: Range<usize>, reading: &mut Reading) {
    let mut depth = 0usize;
    for at in all.clone() {
        let Some(token) = file.tokens.get(at) else {
            return;
        };
        match (token.kind, token.text) {
            (Kind::Mark, "(" | "[" | "{") => depth += 1,
            (Kind::Mark, ")" | "]" | "}") => depth = depth.saturating_sub(1),
            (Kind::Word, word) if depth <= 1 => {
                let part = NAMED.iter().find(|(name, _)| *name == word);
                if let Some((range, (_, part))) = value(file, at, all.end).zip(part) {
                    reading.join(place::read(file, range, *part));
                }
            }
            _ => {}
        }
    }
}

/// The value of the argument whose name is at `at`.
fn value(file: &File<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let before = at.checked_sub(1).map_or("", |it| file.text(it));
    if before == "~" {
        let start = if file.text(at + 1) == ":" { at + 2 } else { at };
        let stop = if file.text(start) == "(" {
            within(file, start + 1).0.end
        } else {
            start + 1
        };
        return Some(start..stop.min(end));
    }
    if before == "-" && file.ecosystem == Ecosystem::Shell {
        // To the next option.
        let stop = (at + 1..end)
            .find(|it| file.text(*it) == "-")
            .unwrap_or(end);
        return Some(at + 1..stop);
    }
    match (file.text(at + 1), file.text(at + 2)) {
        ("=", "=" | ">") | (":", ":") => None,
        ("=" | ":", _) => {
            let (_, each) = within(file, at + 2);
            let first = each.first().cloned()?;
            Some(first.start..first.end.min(end))
        }
        ("," | "}", _) if matches!(before, "{" | ",") => Some(at..at + 1),
        _ => None,
    }
}
