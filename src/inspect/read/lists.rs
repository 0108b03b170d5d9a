//! What nixpkgs' and Nix's own functions on lists make of their arguments.

use std::rc::Rc;

use super::known::{Library, row};
use super::operators::known_or;
use super::reader::Reader;
use super::value::{Dotted, Lazy, Value, Work};

/// Functions on lists.
pub(super) const ROWS: &[Library] = &[
    row("map", 2, map),
    row("forEach", 2, |r, n, a| map(r, n, &swapped(a))),
    row("imap0", 2, |r, _, a| indexed(r, a, 0)),
    row("imap1", 2, |r, _, a| indexed(r, a, 1)),
    row("filter", 2, |r, _, a| filtered(r, a, true)),
    row("remove", 2, removed),
    row("partition", 2, |r, _, a| {
        Value::set([
            ("right", Lazy::done(filtered(r, a, true))),
            ("wrong", Lazy::done(filtered(r, a, false))),
        ])
    }),
    row("head", 1, |r, _, a| at(r, a.first(), |_| Some(0))),
    row("last", 1, |r, _, a| {
        at(r, a.first(), |length| length.checked_sub(1))
    }),
    row("elemAt", 2, element),
    row("tail", 1, tail),
    row("length", 1, |r, _, a| match list(r, a.first()) {
        Ok(items) => Value::Number(i64::try_from(items.len()).unwrap_or(i64::MAX)),
        Err(unknown) => unknown,
    }),
    row("elem", 2, elem),
    row("any", 2, |r, _, a| quantified(r, a, true)),
    row("all", 2, |r, _, a| quantified(r, a, false)),
    row("foldl'", 3, folded),
    row("foldl", 3, folded),
    row("foldr", 3, |r, _, a| folded_right(r, a)),
    row("fold", 3, |r, _, a| folded_right(r, a)),
    row("concatMap", 2, |r, n, a| {
        r.concat_all(&Lazy::done(map(r, n, a)))
    }),
    row("concatLists", 1, |r, _, a| {
        a.first().map_or(incomplete(), |lists| r.concat_all(lists))
    }),
    row("flatten", 1, flatten),
    row("unique", 1, |r, _, a| {
        a.first().map_or(incomplete(), |it| r.force(it))
    }),
    row("reverseList", 1, reversed),
    row("genList", 2, generated),
    row("range", 2, range),
    row("singleton", 1, |_, _, a| Value::list(a.to_vec())),
    row("toList", 1, |r, _, a| {
        match a.first().map(|it| r.force(it)) {
            Some(list @ Value::List(_)) => list,
            _ => Value::list(a.to_vec()),
        }
    }),
    row("optional", 2, |r, _, a| {
        given(r, a, |value| Value::list(vec![value.clone()]))
    }),
    row("optionals", 2, |r, _, a| {
        given(r, a, |value| r.force(value))
    }),
    row("findFirst", 3, find_first),
    row("pipe", 2, pipe),
];

/// The items of a list, or why they are not known.
pub(super) fn list(reader: &Reader, lazy: Option<&Lazy>) -> Result<Rc<Vec<Lazy>>, Value> {
    match lazy.map(|lazy| reader.force(lazy)) {
        Some(Value::List(items)) if reader.spend(items.len() / 4) => Ok(items),
        Some(Value::List(_)) => Err(Value::unknown("a list is too large to be read")),
        Some(Value::Unknown(because)) => Err(Value::Unknown(because)),
        Some(Value::Outside(names)) => Err(Value::unknown(format!(
            "the list `{}` comes from outside",
            names.join(".")
        ))),
        _ => Err(Value::unknown(
            "something that is not a list is used as one",
        )),
    }
}

pub(super) fn incomplete() -> Value {
    Value::unknown("the call is not complete")
}

fn swapped(arguments: &[Lazy]) -> Vec<Lazy> {
    arguments.iter().rev().cloned().collect()
}

fn applied(function: &Lazy, arguments: Vec<Lazy>, like: &Lazy) -> Lazy {
    Lazy::new(Work::Call(function.clone(), arguments), like.spot())
}

fn map(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let (Some(function), items) = (arguments.first(), list(reader, arguments.get(1))) else {
        return incomplete();
    };
    match items {
        Ok(items) => {
            let items = items.iter();
            Value::list(
                items
                    .map(|it| applied(function, vec![it.clone()], it))
                    .collect(),
            )
        }
        Err(unknown) => unknown,
    }
}

fn indexed(reader: &Reader, arguments: &[Lazy], first: i64) -> Value {
    let (Some(function), items) = (arguments.first(), list(reader, arguments.get(1))) else {
        return incomplete();
    };
    match items {
        Ok(items) => {
            let numbered = (first..).zip(items.iter());
            let called = numbered.map(|(number, it)| {
                let number = Lazy::done(Value::Number(number));
                applied(function, vec![number, it.clone()], it)
            });
            Value::list(called.collect())
        }
        Err(unknown) => unknown,
    }
}

/// Items for which a function says `wanted`; unknown if it says neither.
fn filtered(reader: &Reader, arguments: &[Lazy], wanted: bool) -> Value {
    let (Some(function), items) = (arguments.first(), list(reader, arguments.get(1))) else {
        return incomplete();
    };
    let items = match items {
        Ok(items) => items,
        Err(unknown) => return unknown,
    };
    let mut kept = Vec::new();
    for item in items.iter() {
        match reader.call(reader.force(function), item.clone()).as_bool() {
            Some(is) if is == wanted => kept.push(item.clone()),
            Some(_) => {}
            None => return Value::unknown("a list is filtered by what only Nix can decide"),
        }
    }
    Value::list(kept)
}

fn removed(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let (Some(unwanted), items) = (arguments.first(), list(reader, arguments.get(1))) else {
        return incomplete();
    };
    match items {
        Ok(items) => {
            let items = items.iter();
            let kept = items.filter(|it| reader.same(it, unwanted, 2) != Some(true));
            Value::list(kept.cloned().collect())
        }
        Err(unknown) => unknown,
    }
}

fn at(reader: &Reader, lazy: Option<&Lazy>, index: impl Fn(usize) -> Option<usize>) -> Value {
    match list(reader, lazy) {
        Ok(items) => match index(items.len()).and_then(|index| items.get(index)) {
            Some(item) => reader.force(item),
            None => Value::unknown("a list is shorter than its use"),
        },
        Err(unknown) => unknown,
    }
}

fn element(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let index = arguments.get(1).map(|index| reader.force(index));
    let Some(Value::Number(index)) = index else {
        return Value::unknown("which item is meant is known only to Nix");
    };
    at(reader, arguments.first(), |_| usize::try_from(index).ok())
}

fn tail(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    match list(reader, arguments.first()) {
        Ok(items) => Value::list(items.iter().skip(1).cloned().collect()),
        Err(unknown) => unknown,
    }
}

fn elem(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let (Some(wanted), items) = (arguments.first(), list(reader, arguments.get(1))) else {
        return incomplete();
    };
    let Ok(items) = items else {
        return known_or(None);
    };
    let mut answer = Some(false);
    for item in items.iter() {
        match reader.same(wanted, item, 2) {
            Some(true) => return Value::bool(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    known_or(answer)
}

/// `any` stops at `true`, `all` at `false`.
fn quantified(reader: &Reader, arguments: &[Lazy], stop: bool) -> Value {
    let (Some(function), items) = (arguments.first(), list(reader, arguments.get(1))) else {
        return incomplete();
    };
    let Ok(items) = items else {
        return known_or(None);
    };
    let mut answer = Some(!stop);
    for item in items.iter() {
        match reader.call(reader.force(function), item.clone()).as_bool() {
            Some(is) if is == stop => return Value::bool(stop),
            Some(_) => {}
            None => answer = None,
        }
    }
    known_or(answer)
}

fn folded(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let (Some(function), Some(start), items) = (
        arguments.first(),
        arguments.get(1),
        list(reader, arguments.get(2)),
    ) else {
        return incomplete();
    };
    let items = match items {
        Ok(items) => items,
        Err(unknown) => return unknown,
    };
    let mut value = start.clone();
    for item in items.iter() {
        value = applied(function, vec![value, item.clone()], item);
        // One after the other, or the last would need a stack as deep as the list is long.
        reader.force(&value);
    }
    reader.force(&value)
}

fn folded_right(reader: &Reader, arguments: &[Lazy]) -> Value {
    let (Some(function), Some(start), items) = (
        arguments.first(),
        arguments.get(1),
        list(reader, arguments.get(2)),
    ) else {
        return incomplete();
    };
    match items {
        Ok(items) => {
            let mut value = start.clone();
            for item in items.iter().rev() {
                value = applied(function, vec![item.clone(), value], item);
            }
            reader.force(&value)
        }
        Err(unknown) => unknown,
    }
}

fn flatten(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let mut flat = Vec::new();
    let mut todo: Vec<Lazy> = arguments.iter().take(1).cloned().collect();
    while let Some(lazy) = todo.pop() {
        if !reader.spend(1) {
            return Value::unknown("a list is too large to be read");
        }
        match reader.force(&lazy) {
            Value::List(items) => todo.extend(items.iter().rev().cloned()),
            _ => flat.push(lazy),
        }
    }
    Value::list(flat)
}

fn reversed(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    match list(reader, arguments.first()) {
        Ok(items) => Value::list(items.iter().rev().cloned().collect()),
        Err(unknown) => unknown,
    }
}

fn generated(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let count = arguments.get(1).map(|count| reader.force(count));
    let (Some(function), Some(Value::Number(count @ 0..=1000))) = (arguments.first(), count) else {
        return Value::unknown("a list is made in a way that only Nix can follow");
    };
    let numbers = (0..count).map(|number| Lazy::done(Value::Number(number)));
    Value::list(
        numbers
            .map(|it| applied(function, vec![it.clone()], &it))
            .collect(),
    )
}

fn range(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let ends: Vec<Value> = arguments.iter().map(|end| reader.force(end)).collect();
    match ends.as_slice() {
        [Value::Number(first), Value::Number(last)] if last.saturating_sub(*first) < 1000 => {
            Value::list(
                (*first..=*last)
                    .map(|n| Lazy::done(Value::Number(n)))
                    .collect(),
            )
        }
        _ => Value::unknown("a list is made in a way that only Nix can follow"),
    }
}

/// A value under a condition, or an empty list.
fn given(reader: &Reader, arguments: &[Lazy], value: impl Fn(&Lazy) -> Value) -> Value {
    let [condition, then] = arguments else {
        return incomplete();
    };
    match reader.force(condition).as_bool() {
        Some(true) => value(then),
        Some(false) => Value::list(Vec::new()),
        None => Value::unknown("a part of a list depends on a condition"),
    }
}

fn find_first(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let [function, default, items] = arguments else {
        return incomplete();
    };
    match filtered(reader, &[function.clone(), items.clone()], true) {
        Value::List(found) => reader.force(found.first().unwrap_or(default)),
        unknown => unknown,
    }
}

fn pipe(reader: &Reader, _: &Dotted, arguments: &[Lazy]) -> Value {
    let (Some(start), functions) = (arguments.first(), list(reader, arguments.get(1))) else {
        return incomplete();
    };
    match functions {
        Ok(functions) => functions
            .iter()
            .fold(reader.force(start), |value, function| {
                reader.call(reader.force(function), Lazy::done(value))
            }),
        Err(unknown) => unknown,
    }
}

impl Reader {
    /// The lists of a list, one after the other.
    fn concat_all(&self, lists: &Lazy) -> Value {
        match list(self, Some(lists)) {
            Ok(lists) => self.concatenated(&lists),
            Err(unknown) => unknown,
        }
    }

    /// The texts of a list, if all are known.
    pub(super) fn texts(&self, lazy: &Lazy) -> Option<Vec<Rc<str>>> {
        let Value::List(items) = self.force(lazy) else {
            return None;
        };
        if !self.spend(items.len() / 4) {
            return None;
        }
        let texts = items.iter().map(|item| match self.force(item) {
            Value::Text(text) => Some(text),
            _ => None,
        });
        texts.collect()
    }
}
