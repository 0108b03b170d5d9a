//! Operators, conditions, strings and paths.

use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use rnix::ast::{self, AstToken, BinOpKind, InterpolPart, UnaryOpKind};

use super::reader::Reader;
use super::value::{Lazy, Piece, Scope, Value};

/// A text that grows beyond this is nothing that a person wrote.
const MOST_TEXT: usize = 256 << 10;
/// Lists and sets are compared down to here.
const MOST_LEVELS: u8 = 4;

impl Reader {
    /// A string: text if every part of it is known, pieces otherwise.
    pub(super) fn string(&self, string: &ast::Str, scope: &Scope) -> Value {
        let mut pieces = Vec::new();
        let mut start = None;
        for part in string.normalized_parts() {
            match part {
                InterpolPart::Literal(part) => pieces.push(Piece::Text(Rc::from(part))),
                InterpolPart::Interpolation(part) => {
                    let value = self.optional(part.expr(), scope);
                    if pieces.is_empty()
                        && let Some(path) = self.as_path(&value)
                    {
                        start = Some(path);
                        continue;
                    }
                    Self::pieces_of(&value, &mut pieces);
                }
            }
        }
        match (start, self.joined(pieces)) {
            // `"${./x}/y"` and `"${self}/y"` are files of the project.
            (Some(path), Value::Text(tail)) => below(&path, tail.trim_start_matches('/')),
            (Some(_), _) => Value::unknown("the path has unknown parts"),
            (None, text) => text,
        }
    }

    /// The path of the project that a value is, or has as its `outPath`.
    pub(super) fn as_path(&self, value: &Value) -> Option<Rc<Path>> {
        match value {
            Value::Path(path) => Some(Rc::clone(path)),
            Value::Set(set) => match self.force(set.attributes.get("outPath")?) {
                Value::Path(path) => Some(path),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a value is between `${` and `}`.
    pub(super) fn pieces_of(value: &Value, pieces: &mut Vec<Piece>) {
        match value {
            Value::Text(text) => pieces.push(Piece::Text(Rc::clone(text))),
            Value::Mixed(parts) => pieces.extend(parts.iter().cloned()),
            Value::Number(number) => pieces.push(Piece::Text(Rc::from(number.to_string()))),
            Value::Package(package) => pieces.push(Piece::Package(Rc::clone(package))),
            _ => pieces.push(Piece::Other),
        }
    }

    /// The pieces as one value: text where all of them are.
    pub(super) fn joined(&self, pieces: Vec<Piece>) -> Value {
        let mut joined: Vec<Piece> = Vec::new();
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(part) => text.push_str(&part),
                other => {
                    if !text.is_empty() {
                        joined.push(Piece::Text(Rc::from(std::mem::take(&mut text))));
                    }
                    joined.push(other);
                }
            }
        }
        if text.len() > MOST_TEXT || !self.spend(text.len() / 64 + joined.len()) {
            return Value::unknown("a text is too large to be read");
        }
        if joined.is_empty() {
            return Value::text(text);
        }
        if !text.is_empty() {
            joined.push(Piece::Text(Rc::from(text)));
        }
        Value::Mixed(Rc::from(joined))
    }

    pub(super) fn condition(&self, it: &ast::IfElse, scope: &Scope) -> Value {
        match self.optional(it.condition(), scope).as_bool() {
            Some(true) => self.optional(it.body(), scope),
            Some(false) => self.optional(it.else_body(), scope),
            None => Value::unknown("it depends on a condition that only Nix can decide"),
        }
    }

    pub(super) fn unary(&self, it: &ast::UnaryOp, scope: &Scope) -> Value {
        let value = self.optional(it.expr(), scope);
        match (it.operator(), value) {
            (Some(UnaryOpKind::Invert), value) => known_or(value.as_bool().map(|is| !is)),
            (Some(UnaryOpKind::Negate), Value::Number(number)) => {
                Value::Number(number.wrapping_neg())
            }
            _ => Value::Plain("a number"),
        }
    }

    pub(super) fn operation(&self, it: &ast::BinOp, scope: &Scope) -> Value {
        let both = it.lhs().zip(it.rhs());
        let (Some(operator), Some((left, right))) = (it.operator(), both) else {
            return Value::unknown("the operation is not complete");
        };
        let (left, right) = (Self::later(&left, scope), Self::later(&right, scope));
        let truth = |lazy: &Lazy| self.force(lazy).as_bool();
        match operator {
            BinOpKind::Update => self.update(&self.force(&left), &self.force(&right)),
            BinOpKind::Add => self.add(&self.force(&left), &self.force(&right)),
            BinOpKind::Concat => self.concatenated(&[left, right]),
            BinOpKind::PipeRight => self.call_all(self.force(&right), &[left]),
            BinOpKind::PipeLeft => self.call_all(self.force(&left), &[right]),
            BinOpKind::And => match truth(&left) {
                Some(false) => Value::bool(false),
                Some(true) => known_or(truth(&right)),
                // False whatever the left side is.
                None => known_or(truth(&right).filter(|is| !is)),
            },
            BinOpKind::Or => match truth(&left) {
                Some(true) => Value::bool(true),
                Some(false) => known_or(truth(&right)),
                None => known_or(truth(&right).filter(|is| *is)),
            },
            BinOpKind::Implication => match truth(&left) {
                Some(false) => Value::bool(true),
                Some(true) => known_or(truth(&right)),
                None => known_or(truth(&right).filter(|is| *is)),
            },
            BinOpKind::Equal => known_or(self.same(&left, &right, MOST_LEVELS)),
            BinOpKind::NotEqual => known_or(self.same(&left, &right, MOST_LEVELS).map(|is| !is)),
            _ => self.arithmetic(operator, &left, &right),
        }
    }

    fn arithmetic(&self, operator: BinOpKind, left: &Lazy, right: &Lazy) -> Value {
        let (Value::Number(left), Value::Number(right)) = (self.force(left), self.force(right))
        else {
            return Value::unknown("it is worked out in a way that only Nix can follow");
        };
        let number = |number: Option<i64>| number.map_or(Value::Plain("a number"), Value::Number);
        match operator {
            BinOpKind::Sub => number(left.checked_sub(right)),
            BinOpKind::Mul => number(left.checked_mul(right)),
            BinOpKind::Div => number(left.checked_div(right)),
            BinOpKind::Less => Value::bool(left < right),
            BinOpKind::LessOrEq => Value::bool(left <= right),
            BinOpKind::More => Value::bool(left > right),
            BinOpKind::MoreOrEq => Value::bool(left >= right),
            _ => Value::unknown("it is worked out in a way that only Nix can follow"),
        }
    }

    /// `left + right`.
    pub(super) fn add(&self, left: &Value, right: &Value) -> Value {
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => left
                .checked_add(*right)
                .map_or(Value::Plain("a number"), Value::Number),
            (Value::Path(path), Value::Text(text)) => {
                let tail = text.trim_start_matches('/');
                below(path, tail)
            }
            (Value::Set(_), Value::Text(_)) => match self.as_path(left) {
                Some(path) => self.add(&Value::Path(path), right),
                None => Value::unknown("the sum has unknown parts"),
            },
            (Value::Text(_) | Value::Mixed(_) | Value::Package(_), _)
            | (Value::Outside(_), Value::Text(_) | Value::Mixed(_)) => {
                let mut pieces = Vec::new();
                Self::pieces_of(left, &mut pieces);
                Self::pieces_of(right, &mut pieces);
                self.joined(pieces)
            }
            _ => Value::unknown("the sum has unknown parts"),
        }
    }

    /// Lists, one after the other.
    pub(super) fn concatenated(&self, lists: &[Lazy]) -> Value {
        let mut all = Vec::new();
        for list in lists {
            let Value::List(list) = self.force(list) else {
                return Value::unknown("the list has unknown parts");
            };
            if !self.spend(list.len()) {
                return Value::unknown("a list is too large to be read");
            }
            all.extend(list.iter().cloned());
        }
        Value::list(all)
    }

    /// Whether two values are equal, if that is known.
    pub(super) fn same(&self, left: &Lazy, right: &Lazy, levels: u8) -> Option<bool> {
        if !self.spend(1) {
            return None;
        }
        match (self.force(left), self.force(right)) {
            (Value::Text(left), Value::Text(right)) => Some(left == right),
            (Value::Number(left), Value::Number(right)) => Some(left == right),
            (Value::Plain("a number"), _) | (_, Value::Plain("a number")) => None,
            (Value::Plain(left), Value::Plain(right)) => Some(left == right),
            (Value::Path(left), Value::Path(right)) => Some(left == right),
            (Value::List(left), Value::List(right)) if left.len() != right.len() => Some(false),
            (Value::List(left), Value::List(right)) if levels > 0 => {
                let mut all = Some(true);
                for (left, right) in left.iter().zip(right.iter()) {
                    match self.same(left, right, levels - 1) {
                        Some(true) => {}
                        Some(false) => return Some(false),
                        None => all = None,
                    }
                }
                all
            }
            (Value::Set(left), Value::Set(right)) if left.is_closed() && right.is_closed() => {
                let empty = left.attributes.is_empty() && right.attributes.is_empty();
                let differ = !left.attributes.keys().eq(right.attributes.keys());
                (empty || differ).then_some(empty)
            }
            (left, right) => {
                let kinds = (kind(&left)?, kind(&right)?);
                (kinds.0 != kinds.1).then_some(false)
            }
        }
    }

    /// `./x` in a file of the project, relative to the project; nothing outside of it.
    pub(super) fn relative_path(&self, it: &ast::PathRel, scope: &Scope) -> Value {
        let mut text = String::new();
        for part in it.parts() {
            match part {
                InterpolPart::Literal(part) => text.push_str(part.syntax().text()),
                InterpolPart::Interpolation(part) => match self.optional(part.expr(), scope) {
                    Value::Text(part) => text.push_str(&part),
                    _ => return Value::unknown("the path has unknown parts"),
                },
            }
        }
        let file = &scope.0.file.path;
        below(file.parent().unwrap_or(Path::new("")), &text)
    }
}

/// A kind that values of other kinds never equal; none for what may turn out to be anything.
fn kind(value: &Value) -> Option<u8> {
    match value {
        Value::Text(_) | Value::Mixed(_) => Some(0),
        Value::Plain("null") => Some(1),
        Value::Plain("true" | "false") => Some(2),
        Value::Number(_) => Some(3),
        Value::List(_) => Some(4),
        Value::Set(_) | Value::Package(_) => Some(5),
        Value::Path(_) => Some(6),
        _ => None,
    }
}

pub(super) fn known_or(is: Option<bool>) -> Value {
    is.map_or_else(
        || Value::unknown("it depends on a condition that only Nix can decide"),
        Value::bool,
    )
}

/// `folder/text` without dots; nothing outside the project.
pub(super) fn below(folder: &Path, text: &str) -> Value {
    let mut path: PathBuf = folder.to_owned();
    for component in Path::new(text).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            _ => return Value::unknown(format!("`{text}` is outside the project")),
        }
    }
    Value::path(path)
}
