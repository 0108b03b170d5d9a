//! What works only where `.git` is, and sources given as text.
//!
//! Takes one node; gives the warnings `inspect/self-rev` and `inspect/src-string`. The app is built from a
//! copy of its files without `.git`, as in every build context that doesn't change with each commit.

use rnix::SyntaxNode;
use rnix::ast::{self, Expr};
use rowan::ast::AstNode;

use super::super::project::Warning;
use super::super::read::is_builder;
use super::fetch::is_path;
use super::paths::is_compared;
use super::text::{
    attribute, called, ident, is_key, is_short, last_name, literal, names_of, path_of, plain,
};
use super::{Lint, Sheet};

/// Attributes of `self` that come from git.
const FROM_GIT: &[&str] = &["rev", "shortRev", "dirtyRev", "dirtyShortRev", "revCount"];

/// Functions that read `.git` themselves.
const READ_GIT: &[&str] = &["gitTracked", "gitTrackedWith", "commitIdFromGitRepo"];

/// What is bound under these names is no package: it is not looked at when one is built.
const BESIDE: &[&str] = &[
    "checks",
    "configurationRevision",
    "darwinConfigurations",
    "devShell",
    "devShells",
    "homeConfigurations",
    "nixosConfigurations",
];

/// Functions of `src` whose name says nothing of it.
const TAKE_SOURCES: &[&str] = &["cleanSourceWith", "overrideAttrs", "runCommand"];

/// How many nodes around a finding are asked whether they guard it.
const MOST_AROUND: usize = 120;
/// How many nodes stand between a set and the call that it is given to.
const MOST_BETWEEN: usize = 8;
/// How many findings are asked about, in all files together.
const MOST_ASKED: usize = 1_000;

/// Looks at one node.
pub(super) fn look(sheet: &Sheet<'_>, node: &SyntaxNode, to: &mut Lint) {
    if let Some(warning) = src_string(node) {
        to.warnings.push(warning.at(sheet.source(node)));
    }
    let bare = bare_self(node);
    let found = bare
        .or_else(|| fetch_of_here(node))
        .or_else(|| reads_git(node));
    if let Some((what, todo)) = found.filter(|_| to.asked < MOST_ASKED) {
        to.asked += 1;
        if is_guarded(node) {
            return;
        }
        let what = format!("{what}: it fails where there is no `.git`, as in the app's build");
        let warning = Warning::new("inspect/self-rev", what, todo);
        to.warnings.push(warning.at(sheet.source(node)));
    }
}

/// Whether a function makes a derivation of its argument, as far as its name says, or takes its sources.
fn takes_sources(name: &str) -> bool {
    let starts = ["build", "mk"].iter().any(|it| name.starts_with(it));
    let ends = ["Application", "Derivation", "Package"];
    starts
        || ends.iter().any(|it| name.ends_with(it))
        || is_builder(name)
        || TAKE_SOURCES.contains(&name)
}

/// The function that a set is given to, also as `rec { … }` and `(finalAttrs: { … })`.
fn given_to(set: &SyntaxNode) -> Option<String> {
    let around = |it: &SyntaxNode| {
        ast::AttrSet::can_cast(it.kind())
            || ast::Lambda::can_cast(it.kind())
            || ast::Paren::can_cast(it.kind())
            || ast::BinOp::can_cast(it.kind())
    };
    let call = set.ancestors().take(MOST_BETWEEN).find(|it| !around(it))?;
    called(&ast::Apply::cast(call)?)
}

/// `buildGoModule { src = "./."; }`
fn src_string(node: &SyntaxNode) -> Option<Warning> {
    let binding = ast::AttrpathValue::cast(node.clone())?;
    let name = names_of(&binding.attrpath()?).pop()?;
    let value = plain(&binding.value()?)?;
    let Expr::Str(it) = &value else { return None };
    let text = match literal(&value) {
        Some(text) => text,
        None => it.syntax().text().to_string().trim_matches('"').to_owned(),
    };
    let relative = text == "." || text == ".." || text.starts_with("./") || text.starts_with("../");
    if name != "src" || !relative || text.len() > 200 {
        return None;
    }
    // In a set that is written as JSON it is a text like any other.
    given_to(&node.parent()?).filter(|it| takes_sources(it))?;
    let shown = text.escape_debug();
    let what = format!("`src = \"{shown}\"` is a text, not a path: Nix looks for no files there");
    let path = match text.as_str() {
        "." | "./" => "./.".to_owned(),
        ".." | "../" => "../.".to_owned(),
        text => text.trim_end_matches('/').to_owned(),
    };
    let todo = format!("write it without quotes: `src = {};`", path.escape_debug());
    Some(Warning::new("inspect/src-string", what, todo))
}

type Found = Option<(String, String)>;

/// `self.rev` without `or`.
fn bare_self(node: &SyntaxNode) -> Found {
    let name = if let Some(select) = ast::Select::cast(node.clone()) {
        if select.or_token().is_some() {
            return None;
        }
        let path = path_of(&Expr::Select(select));
        match path.as_slice() {
            [head @ .., owner, name]
                if owner == "self" && (head.is_empty() || head == ["inputs"]) =>
            {
                name.clone()
            }
            [head, info, name] if head == "self" && info == "sourceInfo" => name.clone(),
            _ => return None,
        }
    } else {
        let inherit = ast::Inherit::cast(node.clone())?;
        if path_of(&inherit.from()?.expr()?) != ["self"] {
            return None;
        }
        let mut names = inherit.attrs().filter_map(|it| match it {
            ast::Attr::Ident(it) => ident(&it),
            _ => None,
        });
        names.find(|name| FROM_GIT.contains(&name.as_str()))?
    };
    let otherwise = if name == "revCount" { "0" } else { "\"dirty\"" };
    FROM_GIT.contains(&name.as_str()).then(|| {
        (
            format!("`self.{name}` without `or`"),
            format!("write `self.{name} or {otherwise}`"),
        )
    })
}

/// `builtins.fetchGit ./.`
fn fetch_of_here(node: &SyntaxNode) -> Found {
    let call = ast::Apply::cast(node.clone())?;
    if last_name(&call.lambda()?)? != "fetchGit" {
        return None;
    }
    let argument = plain(&call.argument()?)?;
    let from = match &argument {
        Expr::AttrSet(set) => attribute(set, "url")?,
        other => other.clone(),
    };
    let here = is_path(&from) || literal(&from).is_some_and(|it| it.starts_with('.'));
    here.then(|| {
        (
            "`fetchGit` of the project's own folder".to_owned(),
            "write `lib.cleanSource ./.`, which takes the files without git".to_owned(),
        )
    })
}

/// `lib.fileset.gitTracked ./.`, `./.git/HEAD`
fn reads_git(node: &SyntaxNode) -> Found {
    if let Some(it) = ast::Ident::cast(node.clone()) {
        let name = ident(&it).filter(|name| READ_GIT.contains(&name.as_str()))?;
        // The use is what is told of, not `inherit (lib.fileset) gitTracked`.
        if is_key(node)
            || node
                .parent()
                .is_some_and(|it| ast::Inherit::can_cast(it.kind()))
        {
            return None;
        }
        let todo = match name.as_str() {
            "commitIdFromGitRepo" => {
                "give the revision as an argument with a default: `{ rev ? \"dirty\" }:`"
            }
            _ => "name the files that are needed: `lib.fileset.unions [ ./src … ]`",
        };
        return Some((format!("`{name}` asks git"), todo.to_owned()));
    }
    let path = ast::PathRel::cast(node.clone())?;
    let text = path.syntax().text();
    if usize::from(text.len()) > 200 {
        return None;
    }
    let text = text.to_string();
    let read = text.split('/').any(|part| part == ".git") && !is_compared(node);
    read.then(|| {
        (
            format!("`{}` is read", text.escape_debug()),
            "give the revision as an argument with a default: `{ rev ? \"dirty\" }:`".to_owned(),
        )
    })
}

/// Whether something around asks first (`self ? rev`), or it is no part of a package.
pub(super) fn is_guarded(node: &SyntaxNode) -> bool {
    // As far out as a condition can stand and still be meant.
    node.ancestors().take(MOST_AROUND).any(|it| {
        if let Some(binding) = ast::AttrpathValue::cast(it.clone()) {
            let names = binding
                .attrpath()
                .filter(is_short)
                .map(|it| names_of(&it))
                .unwrap_or_default();
            return names.iter().any(|name| BESIDE.contains(&name.as_str()));
        }
        let asked = if let Some(it) = ast::IfElse::cast(it.clone()) {
            it.condition()
        } else if let Some(it) = ast::Assert::cast(it.clone()) {
            it.condition()
        } else {
            // `optionalString (self ? rev) self.rev`, and `pathExists ./.git` itself.
            ast::Apply::cast(it).and_then(|it| it.lambda())
        };
        asked.is_some_and(|it| asks(it.syntax()))
    })
}

/// Whether a condition asks for an attribute or a file.
fn asks(node: &SyntaxNode) -> bool {
    if usize::from(node.text_range().len()) > 300 {
        return false;
    }
    node.descendants().any(|it| {
        ast::HasAttr::can_cast(it.kind())
            || ast::Ident::cast(it)
                .and_then(|it| ident(&it))
                .is_some_and(|it| it == "hasAttr" || it == "pathExists")
    })
}
