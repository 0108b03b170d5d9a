//! The address and the port that an expression says.
//!
//! Takes a piece of a file and the part it plays (address, port, or both in one); gives a [`Reading`]. Names are
//! followed within the file, a few steps deep. Whatever is not understood makes the answer open, never wrong.

use std::ops::Range;

use super::file::File;
use super::flags::Flag;
use super::lex::Kind;
use super::reading::{Part, Reading};
use super::{Address, Ecosystem, Port};

/// Names behind names that are followed.
const MOST_STEPS: usize = 3;
/// Words that change no value.
const NEUTRAL: &[&str] = &[
    "String",
    "format",
    "parse",
    "unwrap",
    "expect",
    "into",
    "from",
    "to_string",
    "to_owned",
    "as_str",
    "as_ref",
    "SocketAddr",
    "SocketAddrV4",
    "SocketAddrV6",
    "IpAddr",
    "Ipv4Addr",
    "Ipv6Addr",
    "V4",
    "V6",
    "std",
    "net",
    "new",
    "fmt",
    "Sprintf",
    "Sprint",
    "JoinHostPort",
    "int",
    "str",
    "Number",
    "parseInt",
    "u16",
    "await",
    "ip",
    "Some",
    "ok",
    "clone",
    "Port",
    "Host",
    "IPAddress",
    "Parse",
    "fromString",
    "get",
    "port",
    "host",
    "ipv4",
    "ipv6",
    "try",
    "address",
    "to_integer",
    "to_i",
    "Integer",
    "InetSocketAddress",
    "Just",
    "fromIntegral",
    "fromInteger",
    "read",
    "int_of_string",
    "static",
    "as",
    "toInt",
    "InetAddress",
    "getByName",
    "unix",
    "Unix",
    "inet_addr_of_string",
    "strconv",
    "Itoa",
    "net",
];
/// Words that are addresses.
const ADDRESSES: &[(&str, Address)] = &[
    ("LOCALHOST", Address::Local),
    ("Loopback", Address::Local),
    ("inet_addr_loopback", Address::Local),
    ("UNSPECIFIED", Address::All),
    ("Any", Address::All),
    ("IPv6Any", Address::All),
    ("INADDR_ANY", Address::All),
    ("inet_addr_any", Address::All),
];

/// Reads `range` of `file` as `part`.
pub(super) fn read(file: &File<'_>, range: Range<usize>, part: Part) -> Reading {
    follow(file, range, part, 0)
}

fn follow(file: &File<'_>, range: Range<usize>, part: Part, step: usize) -> Reading {
    let mut reading = Reading::default();
    if !file.may_step() {
        reading.unknown(part);
        return reading;
    }
    let mut skip_to = range.start;
    let mut comma_seen = false;
    for at in range {
        let Some(token) = file.tokens.get(at).filter(|_| at >= skip_to) else {
            continue;
        };
        if let Some(read) = file.read_at(at) {
            let now = reading.part(part);
            reading.variable(read.name, now);
            reading.treated = true;
            skip_to = read.end;
            continue;
        }
        if let Some(flag) = file.flag_at(at) {
            let now = reading.part(part);
            given(file, flag, now, &mut reading, step);
            skip_to = flag.end;
            continue;
        }
        match token.kind {
            Kind::Text => {
                let before = reading.known();
                text(file, token.text, part, &mut reading, step);
                reading.note(token.text, before);
            }
            Kind::Number => {
                if token.text.contains('.') {
                    text(file, token.text, Part::Host, &mut reading, step);
                } else if let Some((host, end)) = numbers(file, at) {
                    reading.see_host(host);
                    skip_to = end;
                } else if reading.part(part) == Part::Host {
                    reading.unknown(Part::Host);
                } else if let Ok(port) = token.text.replace('_', "").parse() {
                    let before = reading.known();
                    reading.see_port(Port::Fixed(port));
                    reading.note(token.text, before);
                }
            }
            Kind::Mark if token.text == "," && !reading.pending.is_empty() => {
                reading.filled += usize::from(comma_seen);
                comma_seen = true;
            }
            Kind::Mark => {}
            Kind::Word => skip_to = word(file, at, part, &mut reading, step).max(skip_to),
        }
    }
    reading
}

/// Reads the word at `at`; gives where to go on.
fn word(file: &File<'_>, at: usize, part: Part, reading: &mut Reading, step: usize) -> usize {
    let text = |by: usize| file.tokens.get(at + by).map_or("", |it| it.text);
    let name = text(0);
    let now = reading.part(part);
    let is_member = at
        .checked_sub(1)
        .and_then(|it| file.tokens.get(it))
        .is_some_and(|it| it.text == ".");
    // In Haskell and OCaml the parenthesis is the next argument.
    let by_space = matches!(file.ecosystem, Ecosystem::Haskell | Ecosystem::Ocaml);
    // `port"8080"` of Scala.
    let behind = file.tokens.get(at + 1);
    let is_prefix = behind.is_some_and(|it| it.kind == Kind::Text);
    let is_call = (text(1) == "(" && !by_space) || matches!(text(1), "!" | ":") || is_prefix;
    if let Some((_, host)) = ADDRESSES.iter().find(|(it, _)| *it == name) {
        reading.see_host(host.clone());
        return at + 1;
    }
    // `args.port` is a flag, or its variable, whatever else `args` may be.
    let told = text(1) == "." && file.is_told(name, text(2));
    if !is_member
        && !is_call
        && !told
        && step < MOST_STEPS
        && let Some(set) = file.names.get(name)
    {
        let few = set.len() <= 4;
        for range in set.iter().take(4) {
            if !range.contains(&at) {
                let found = follow(file, range.clone(), now, step + 1);
                place(reading, found, now);
            }
        }
        if !few {
            reading.unknown(now);
        }
        return at + 1;
    }
    // `config.port`, `args.port`: only the last name counts.
    // `fmt.Sprintf(…)`, `strconv.Itoa(…)`: the words behind speak for themselves.
    let mut last = if told { at + 2 } else { at };
    while !told
        && !NEUTRAL.contains(&name)
        && file.tokens.get(last + 1).is_some_and(|it| it.text == ".")
        && file
            .tokens
            .get(last + 2)
            .is_some_and(|it| it.kind == Kind::Word && !NEUTRAL_CALLS.contains(&it.text))
    {
        last += 2;
    }
    let member = file.tokens.get(last).map_or(name, |it| it.text);
    let plain = NEUTRAL.contains(&name) && last == at;
    let unset = !is_call && !is_member && matches!(name, "port" | "host" | "address" | "ip");
    let flag = file.flag_of(name, member).filter(|_| last > at);
    if let Some(variable) = file.names.members.get(member) {
        reading.variable(variable, now);
    } else if flag.is_none() && (!plain || unset) {
        reading.unknown(now);
    }
    if let Some(flag) = flag {
        given(file, flag, now, reading, step);
    }
    last + 1
}

/// A flag gives the part; its default says what it is without.
fn given(file: &File<'_>, flag: &Flag, part: Part, reading: &mut Reading, step: usize) {
    let default = if step < MOST_STEPS {
        follow(file, flag.default.clone(), part, step + 1)
    } else {
        Reading::default()
    };
    reading.flag(flag.name.as_deref(), part, default);
}

/// Methods that change no value, behind a name.
const NEUTRAL_CALLS: &[&str] = &[
    "parse",
    "unwrap",
    "expect",
    "to_string",
    "clone",
    "as_str",
    "as_ref",
    "into",
    "await",
    "to_owned",
    "to_i",
];

/// A name's value takes the place that the name has.
fn place(reading: &mut Reading, found: Reading, part: Part) {
    let mut found = found;
    if part == Part::Port && found.host.is_some() {
        found.host = None;
    }
    reading.join(found);
}

/// `127, 0, 0, 1` and its kin: the address, and where it ends.
fn numbers(file: &File<'_>, at: usize) -> Option<(Address, usize)> {
    let behind = file.tokens.get(at..).unwrap_or_default();
    let mut values = Vec::new();
    for (index, token) in behind.iter().take(15).enumerate() {
        match (index % 2, token.kind, token.text) {
            (0, Kind::Number, value) => values.push(value.parse::<u16>().ok()?),
            (1, Kind::Mark, ",") => {}
            _ => break,
        }
    }
    let address = match values.as_slice() {
        [0, 0, 0, 0] | [0, 0, 0, 0, 0, 0, 0, 0] => Address::All,
        [0, 0, 0, 0, 0, 0, 0, 1] | [127, 0, 0, 1] => Address::Local,
        _ => return None,
    };
    Some((address, at + values.len() * 2 - 1))
}

/// Reads a text: `0.0.0.0:8080`, `:8080`, `http://localhost:5000`, `localhost`, `8080`, `{host}:{port}`.
fn text(file: &File<'_>, text: &str, whole: Part, reading: &mut Reading, step: usize) {
    let text = text.split_once("://").map_or(text, |(_, after)| after);
    let path = if text.contains('{') {
        None
    } else {
        text.find(['/', '?'])
    };
    let text = path.and_then(|at| text.get(..at)).unwrap_or(text);
    let now = reading.part(whole);
    let (host, port) = match text.rsplit_once(':') {
        // `::` and `::1` are addresses, `{a:?}` is a place to fill.
        Some((host, port))
            if !host.contains("::") && !text.starts_with("::") && !port.contains('?') =>
        {
            (Some(host.trim_matches(['[', ']'])), Some(port))
        }
        _ if text.starts_with("[::]:") || text.starts_with("[::1]:") => {
            let (host, port) = text.rsplit_once("]:").unwrap_or((text, ""));
            (Some(host.trim_start_matches('[')), Some(port))
        }
        _ if now == Part::Port || (now == Part::Whole && text.parse::<u16>().is_ok()) => {
            (None, Some(text))
        }
        _ => (Some(text), None),
    };
    if let Some(host) = host {
        piece(file, host, Part::Host, reading, step, port.is_some());
    }
    if let Some(port) = port {
        piece(file, port, Part::Port, reading, step, true);
    }
}

/// One side of the colon.
fn piece(file: &File<'_>, text: &str, part: Part, reading: &mut Reading, step: usize, colon: bool) {
    let inner = text.trim_start_matches(['$', '#']);
    let inner = inner
        .strip_prefix('{')
        .and_then(|it| Some(it.rsplit_once('}')?.0));
    match (part, text) {
        (Part::Host, "127.0.0.1" | "localhost" | "::1" | "[::1]") => {
            reading.see_host(Address::Local);
        }
        (Part::Host, "0.0.0.0" | "::" | "[::]" | "*" | "+") => reading.see_host(Address::All),
        // `":" + port` after `host + …` says nothing of the host.
        (Part::Host, "") => reading.no_host(),
        (Part::Port, "") if colon => reading.pending.push(Part::Port),
        (_, "%s" | "%d" | "%v" | "{}" | "%u" | "%i") => reading.pending.push(part),
        _ => {
            if let Some(name) = inner {
                interpolated(file, name, part, reading, step);
            } else if let (Part::Port, Ok(port)) = (part, text.parse()) {
                reading.see_port(Port::Fixed(port));
            } else {
                reading.unknown(part);
            }
        }
    }
}

/// `{port}`, `${process.env.PORT}`: a name, or a variable named in full.
fn interpolated(file: &File<'_>, name: &str, part: Part, reading: &mut Reading, step: usize) {
    let last = name.rsplit('.').next().unwrap_or(name);
    let mut behind = READS.iter().filter_map(|it| Some(name.split_once(it)?.1));
    if let Some(variable) = behind.find_map(variable_in) {
        reading.variable(variable, part);
    } else if let Some(set) = file
        .names
        .get(name)
        .filter(|it| it.len() <= 4 && step < MOST_STEPS)
    {
        for range in set {
            let found = follow(file, range.clone(), part, step + 1);
            place(reading, found, part);
        }
    } else {
        let head = name.split_once('.').map_or("", |it| it.0);
        let flag = file.flag_of(head, last);
        if let Some(variable) = file.names.members.get(last) {
            reading.variable(variable, part);
        } else if flag.is_none() {
            reading.unknown(part);
        }
        if let Some(flag) = flag {
            given(file, flag, part, reading, step);
        }
    }
}

/// Ways to read a variable within a text.
const READS: &[&str] = &[
    "process.env",
    "os.environ",
    "os.getenv(",
    "ENV.fetch(",
    "ENV[",
    "System.get_env(",
];

/// `.PORT`, `.get('PORT', …)`: the name, when it comes first.
fn variable_in(behind: &str) -> Option<&str> {
    let behind = behind.strip_prefix(".get(").unwrap_or(behind);
    let behind = behind.trim_start_matches(['.', '(', '[', '\'', '"']);
    let is_part = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    let length = behind.find(|it| !is_part(it)).unwrap_or(behind.len());
    behind.get(..length).filter(|it| it.len() > 1)
}
