//! What a template left open: `<placeholders>`, hashes and revisions that stand for none.
//!
//! Takes one node; gives the warning `inspect/placeholder`. Texts are looked at only where a person fills
//! in one value: elsewhere `<b>` may be HTML, and `TODO` a line of a script.

use rnix::SyntaxNode;
use rnix::ast::{self, Expr};
use rowan::ast::AstNode;

use super::super::project::Warning;
use super::text::{ident, is_key, literal, names_of, plain};
use super::{Lint, Sheet};

/// Names of nixpkgs' lib that stand for a hash to come.
const FAKES: &[&str] = &["fakeHash", "fakeSha256", "fakeSha512"];

/// Attributes that hold one value to be filled in.
const FILLED_IN: &[&str] = &[
    "branch",
    "description",
    "email",
    "homepage",
    "license",
    "mainProgram",
    "name",
    "owner",
    "pname",
    "program",
    "ref",
    "repo",
    "rev",
    "src",
    "tag",
    "url",
    "version",
];

/// Attributes whose text may speak of anything: only a text that is nothing but a placeholder is one.
const PROSE: &[&str] = &["description", "homepage"];

/// Words that people leave where a value is to come.
const OPEN_WORDS: &[&str] = &[
    "TODO",
    "FIXME",
    "CHANGEME",
    "CHANGE_ME",
    "REPLACEME",
    "REPLACE_ME",
];

/// Looks at one node.
pub(super) fn look(sheet: &Sheet<'_>, node: &SyntaxNode, to: &mut Lint) {
    if let Some(it) = ast::Ident::cast(node.clone()) {
        let fake = ident(&it).filter(|name| FAKES.contains(&name.as_str()));
        if let Some(name) = fake
            && !is_key(node)
            && !sheet.names.binds(&name)
            && !node
                .parent()
                .is_some_and(|it| ast::Inherit::can_cast(it.kind()))
        {
            to.warnings
                .push(fake_hash(&format!("`lib.{name}`")).at(sheet.source(node)));
        }
    }
    let Some(binding) = ast::AttrpathValue::cast(node.clone()) else {
        return;
    };
    let Some(name) = binding.attrpath().and_then(|it| names_of(&it).pop()) else {
        return;
    };
    let value = binding.value().and_then(|it| plain(&it));
    let Some(text) = value.as_ref().and_then(open_text) else {
        return;
    };
    if let Some(warning) = judge(&name, &text) {
        to.warnings.push(warning.at(sheet.source(node)));
    }
}

/// A text, what is worked out in it left out.
fn open_text(value: &Expr) -> Option<String> {
    literal(value).or_else(|| {
        let Expr::Str(it) = value else { return None };
        let text = it.syntax().text();
        (usize::from(text.len()) < 500).then(|| text.to_string().trim_matches('"').to_owned())
    })
}

/// What is left open in `name = "text";`.
fn judge(name: &str, text: &str) -> Option<Warning> {
    if is_hash_name(name) {
        return is_no_hash(text).then(|| match text {
            "" => fake_hash(&format!("the empty `{name}`")),
            text => fake_hash(&format!("`{}`", text.escape_debug())),
        });
    }
    if !FILLED_IN.contains(&name) {
        return None;
    }
    if ["rev", "ref"].contains(&name) && text.len() >= 7 && is_one_letter(text) {
        let what = format!(
            "the revision `{}` stands for one that is to come",
            text.escape_debug()
        );
        let todo = "write the revision that is meant: `git ls-remote` with the repository's address shows them";
        return Some(Warning::new("inspect/placeholder", what, todo));
    }
    let found = match placeholder(text) {
        Some(found) if !PROSE.contains(&name) || found.len() == text.trim().len() => found,
        _ => OPEN_WORDS
            .iter()
            .find(|word| text.contains(**word) && !PROSE.contains(&name))?,
    };
    let what = format!("`{found}` in `{name}` is left from a template");
    let todo = format!("write in its place what is meant: `{name} = \"…\";`");
    Some(Warning::new("inspect/placeholder", what, todo))
}

fn fake_hash(which: &str) -> Warning {
    let what = format!("{which} stands for a hash that is to come: the build will stop there");
    let todo = "build once with `nix build`, and write the hash that Nix says it got";
    Warning::new("inspect/placeholder", what, todo)
}

/// Whether an attribute of this name holds a hash.
fn is_hash_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["hash", "sha256", "sha512", "sha1"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Whether a hash is none: nothing, or one letter again and again.
pub(in crate::inspect) fn is_no_hash(text: &str) -> bool {
    let hash = text
        .strip_prefix("sha256-")
        .or_else(|| text.strip_prefix("sha512-"))
        .or_else(|| text.strip_prefix("sha256:"))
        .unwrap_or(text);
    let hash = hash.trim_end_matches('=');
    hash.is_empty()
        || hash == "…"
        || placeholder(hash).is_some()
        || (hash.len() >= 3 && is_one_letter(hash))
}

/// Whether it is one letter again and again: `0000`, `AAAA`, `xxxx`, `...`.
pub(in crate::inspect) fn is_one_letter(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| letters.all(|letter| letter == first))
}

/// The first `<like-this>` of a text.
fn placeholder(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        rest = rest.get(start..)?;
        let end = rest.find('>')?;
        let found = rest.get(..=end)?;
        let inside = rest.get(1..end)?;
        let fits = inside.starts_with(|c: char| c.is_ascii_alphabetic())
            && inside.len() <= 60
            && inside
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || " _-".contains(c));
        if fits {
            return Some(found);
        }
        rest = rest.get(1..)?;
    }
    None
}
