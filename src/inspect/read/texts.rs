//! What nixpkgs' and Nix's own functions on texts and paths make of their arguments.

use std::path::Path;
use std::rc::Rc;

use super::known::{Library, row};
use super::lists::{incomplete, list};
use super::operators::known_or;
use super::reader::Reader;
use super::value::{Dotted, Lazy, Package, Piece, Value, Work};

/// Functions on texts and paths.
pub(super) const ROWS: &[Library] = &[
    row("toString", 1, |r, _, a| {
        match a.first().map(|it| r.force(it)) {
            Some(Value::Number(number)) => Value::text(number.to_string()),
            Some(Value::Plain("true")) => Value::text("1"),
            Some(Value::Plain("false" | "null")) => Value::text(""),
            Some(value) => value,
            None => incomplete(),
        }
    }),
    row("concatStrings", 1, |r, _, a| joined(r, "", a.first())),
    row("concatStringsSep", 2, |r, _, a| {
        separated(r, a.first(), a.get(1))
    }),
    row("concatLines", 1, |r, _, a| joined(r, "\n", a.first())),
    row("concatMapStrings", 2, |r, _, a| match a {
        [function, items] => joined(r, "", Some(&mapped(r, function, items))),
        _ => incomplete(),
    }),
    row("concatMapStringsSep", 3, |r, _, a| match a {
        [with, function, items] => separated(r, Some(with), Some(&mapped(r, function, items))),
        _ => incomplete(),
    }),
    row("optionalString", 2, |r, _, a| {
        match (a.first().and_then(|it| r.force(it).as_bool()), a.get(1)) {
            (Some(true), Some(text)) => r.force(text),
            (Some(false), _) => Value::text(""),
            _ => Value::unknown("a text depends on a condition"),
        }
    }),
    row("splitString", 2, |r, _, a| match both(r, a) {
        Some((at, text)) if !at.is_empty() => {
            Value::list(text.split(&*at).map(Lazy::text).collect())
        }
        _ => unknown_text(),
    }),
    row("removeSuffix", 2, |r, _, a| {
        both(r, a).map_or_else(unknown_text, |(end, text)| {
            Value::text(text.strip_suffix(&*end).unwrap_or(&text))
        })
    }),
    row("removePrefix", 2, |r, _, a| {
        both(r, a).map_or_else(unknown_text, |(start, text)| {
            Value::text(text.strip_prefix(&*start).unwrap_or(&text))
        })
    }),
    row("hasSuffix", 2, |r, _, a| {
        known_or(both(r, a).map(|(end, text)| text.ends_with(&*end)))
    }),
    row("hasPrefix", 2, |r, _, a| {
        known_or(both(r, a).map(|(start, text)| text.starts_with(&*start)))
    }),
    row("hasInfix", 2, |r, _, a| {
        known_or(both(r, a).map(|(part, text)| text.contains(&*part)))
    }),
    row("replaceStrings", 3, replace),
    row("toLower", 1, |r, _, a| on_text(r, a, str::to_lowercase)),
    row("toUpper", 1, |r, _, a| on_text(r, a, str::to_uppercase)),
    row("trim", 1, |r, _, a| {
        on_text(r, a, |text| text.trim().to_owned())
    }),
    row("fileContents", 1, |r, _, a| {
        match a.first().map(|it| r.file_text(it)) {
            Some(Value::Text(text)) => Value::text(text.trim_end_matches('\n')),
            Some(other) => other,
            None => incomplete(),
        }
    }),
    row("stringLength", 1, |r, _, a| {
        match a.first().map(|it| r.force(it)) {
            Some(Value::Text(text)) => Value::Number(i64::try_from(text.len()).unwrap_or(i64::MAX)),
            _ => unknown_text(),
        }
    }),
    row("baseNameOf", 1, base_name),
    row("dirOf", 1, |r, _, a| {
        match a.first().map(|it| r.force(it)) {
            Some(Value::Path(path)) => Value::path(path.parent().unwrap_or(Path::new(""))),
            _ => unknown_text(),
        }
    }),
    row("isString", 1, |r, _, a| {
        kind(r, a, |it| matches!(it, Value::Text(_) | Value::Mixed(_)))
    }),
    row("isPath", 1, |r, _, a| {
        kind(r, a, |it| matches!(it, Value::Path(_)))
    }),
    row("isList", 1, |r, _, a| {
        kind(r, a, |it| matches!(it, Value::List(_)))
    }),
    row("isAttrs", 1, |r, _, a| {
        kind(r, a, |it| matches!(it, Value::Set(_) | Value::Package(_)))
    }),
    row("isDerivation", 1, |r, _, a| {
        kind(r, a, |it| matches!(it, Value::Package(_)))
    }),
    row("isFunction", 1, |r, _, a| {
        kind(r, a, |it| matches!(it, Value::Function(_)))
    }),
    row("isNull", 1, |r, _, a| {
        kind(r, a, |it| matches!(it, Value::Plain("null")))
    }),
    row("isBool", 1, |r, _, a| {
        kind(r, a, |it| it.as_bool().is_some())
    }),
    row("isInt", 1, |r, _, a| {
        kind(r, a, |it| matches!(it, Value::Number(_)))
    }),
    row("getExe", 1, |r, _, a| {
        match a.first().map(|it| r.force(it)) {
            Some(Value::Package(package)) => executable(&package),
            Some(Value::Outside(_)) => Value::Mixed(Rc::from([
                Piece::Other,
                Piece::Text(Rc::from("/bin/")),
                Piece::Other,
            ])),
            _ => unknown_text(),
        }
    }),
    row("getExe'", 2, |r, _, a| match a {
        [package, name] => {
            let mut pieces = Vec::new();
            Reader::pieces_of(&r.force(package), &mut pieces);
            pieces.push(Piece::Text(Rc::from("/bin/")));
            Reader::pieces_of(&r.force(name), &mut pieces);
            r.joined(pieces)
        }
        _ => incomplete(),
    }),
    row("append", 2, |r, _, a| match a {
        [path, text] => r.add(&r.force(path), &r.force(text)),
        _ => incomplete(),
    }),
    row("escapeShellArg", 1, first),
    row("getBin", 1, first),
    row("getLib", 1, first),
    row("unsafeDiscardStringContext", 1, first),
    row("toPath", 1, first),
];

fn first(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    arguments
        .first()
        .map_or_else(incomplete, |it| reader.force(it))
}

fn unknown_text() -> Value {
    Value::unknown("a text is put together from unknown parts")
}

/// `"${package}/bin/…"` with the program's name, if it is said.
fn executable(package: &Rc<Package>) -> Value {
    let name = match &package.program {
        Some((name, _)) => Piece::Text(Rc::from(format!("/bin/{name}"))),
        None => Piece::Text(Rc::from("/bin/")),
    };
    let mut pieces = vec![Piece::Package(Rc::clone(package)), name];
    if package.program.is_none() {
        pieces.push(Piece::Other);
    }
    Value::Mixed(Rc::from(pieces))
}

/// Two texts.
fn both(reader: &Reader, arguments: &[Lazy]) -> Option<(Rc<str>, Rc<str>)> {
    let [first, second] = arguments else {
        return None;
    };
    let text = |lazy: &Lazy| match reader.force(lazy) {
        Value::Text(text) => reader.spend(text.len() / 64).then_some(text),
        Value::Path(path) => Some(Rc::from(path.to_str()?)),
        _ => None,
    };
    Some((text(first)?, text(second)?))
}

fn on_text(reader: &Reader, arguments: &[Lazy], work: impl Fn(&str) -> String) -> Value {
    match arguments.first().map(|it| reader.force(it)) {
        Some(Value::Text(text)) if reader.spend(text.len() / 64) => Value::text(work(&text)),
        _ => unknown_text(),
    }
}

fn kind(reader: &Reader, arguments: &[Lazy], is: impl Fn(&Value) -> bool) -> Value {
    match arguments.first().map(|it| reader.force(it)) {
        None | Some(Value::Unknown(_) | Value::Outside(_)) => known_or(None),
        Some(value) => Value::bool(is(&value)),
    }
}

fn mapped(reader: &Reader, function: &Lazy, items: &Lazy) -> Lazy {
    let Ok(items) = list(reader, Some(items)) else {
        return Lazy::done(unknown_text());
    };
    let items = items.iter();
    let called =
        items.map(|it| Lazy::new(Work::Call(function.clone(), vec![it.clone()]), it.spot()));
    Lazy::done(Value::list(called.collect()))
}

fn separated(reader: &Reader, with: Option<&Lazy>, items: Option<&Lazy>) -> Value {
    match with.map(|with| reader.force(with)) {
        Some(Value::Text(with)) => joined(reader, &with, items),
        _ => unknown_text(),
    }
}

fn joined(reader: &Reader, with: &str, items: Option<&Lazy>) -> Value {
    let Ok(items) = list(reader, items) else {
        return unknown_text();
    };
    let mut pieces = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            pieces.push(Piece::Text(Rc::from(with)));
        }
        Reader::pieces_of(&reader.force(item), &mut pieces);
    }
    reader.joined(pieces)
}

fn replace(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [from, to, text] = arguments else {
        return incomplete();
    };
    let (Some(from), Some(to), Value::Text(text)) =
        (reader.texts(from), reader.texts(to), reader.force(text))
    else {
        return unknown_text();
    };
    let pairs: Vec<_> = from
        .iter()
        .zip(to.iter())
        .filter(|(from, _)| !from.is_empty())
        .collect();
    if !reader.spend(text.len() * (pairs.len() + 1) / 64) {
        return unknown_text();
    }
    let mut out = String::new();
    let mut rest: &str = &text;
    while let Some(letter) = rest.chars().next() {
        let found = pairs.iter().find(|(from, _)| rest.starts_with(&***from));
        let taken = if let Some((from, to)) = found {
            out.push_str(to);
            from.len()
        } else {
            out.push(letter);
            letter.len_utf8()
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    Value::text(out)
}

fn base_name(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    match arguments.first().map(|it| reader.force(it)) {
        Some(Value::Path(path)) => path
            .file_name()
            .and_then(|name| name.to_str())
            .map_or_else(unknown_text, Value::text),
        Some(Value::Text(text)) => {
            let last = text.trim_end_matches('/').rsplit('/').next();
            Value::text(last.unwrap_or_default())
        }
        _ => unknown_text(),
    }
}
