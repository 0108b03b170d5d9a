//! mix.exs: releases, the application, its dependencies; umbrellas.
//!
//! Takes the file, by text; gives the release's script as program, to be started with `start`.
//! Never runs Elixir: what a function computes is not known.

use super::Said;
use super::file::{File, Found};
use super::scan;

pub(super) fn read(file: &File<'_>) -> Option<Found> {
    let text = &scan::without_comments(file.text, &scan::HASH);
    let mut manifest = file.manifest();
    manifest.name = atom_of(text, "app").map(|(at, name)| file.said(name, at));
    let deps = list_of(text, "deps").map(|(_, list)| dependencies(list));
    manifest.dependencies = deps.unwrap_or_default();
    let umbrella = value_of(text, "apps_path").and_then(|at| scan::string_after(text, at));
    let members = umbrella.map(|(_, folder)| vec![format!("{folder}/*")]);
    let runs = value_of(text, "mod").is_some();
    let releases = list_of(text, "releases").map(|(start, list)| keys(file, start, list));
    manifest.programs = match releases {
        Some(releases) => releases,
        // Without a list there is one release, named as the application; an umbrella's child has none.
        None if runs && !is_child(text) => manifest.name.iter().cloned().collect(),
        None => Vec::new(),
    };
    let default = atom_of(text, "default_release");
    manifest.default_program = default.map(|(at, name)| file.said(name, at));
    if !manifest.programs.is_empty() {
        manifest.arguments = vec!["start".to_owned()];
    } else if let Some(at) = value_of(text, "escript") {
        manifest.programs = escript(file, text, manifest.name.as_ref(), at);
    }
    manifest.is_library = !runs && members.is_none() && manifest.programs.is_empty();
    Some(Found {
        manifest: Some(manifest),
        members: members.unwrap_or_default(),
    })
}

/// Where the value of the keyword `key:` begins; `mod:` is not the end of `method:`.
fn value_of(text: &str, key: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = scan::word(text, key, from) {
        let after = at + key.len();
        if text
            .get(after..)
            .is_some_and(|it| it.starts_with(':') && !it.starts_with("::"))
        {
            return Some(after + 1);
        }
        from = after;
    }
    None
}

fn atom_of<'t>(text: &'t str, key: &str) -> Option<(usize, &'t str)> {
    let at = value_of(text, key)?;
    let value = text.get(at..)?.trim_start();
    let name = scan::name(value.strip_prefix(':')?);
    (!name.is_empty()).then_some((text.len() - value.len(), name))
}

/// The inside of a keyword's list: written there, or in the function of that name.
fn list_of<'t>(text: &'t str, key: &str) -> Option<(usize, &'t str)> {
    let from = value_of(text, key)?;
    if text.get(from..)?.trim_start().starts_with('[') {
        return scan::brackets(text, from);
    }
    let function = scan::name(text.get(from..)?.trim_start());
    if function.is_empty() {
        return None;
    }
    let heads = ["defp ", "def "].map(|def| format!("{def}{function}"));
    let (at, head) = heads
        .iter()
        .find_map(|head| Some((scan::word(text, head, 0)?, head)))?;
    let body = text.get(at + head.len()..)?;
    let list = body.find('[')?;
    scan::brackets(text, at + head.len() + list)
}

/// The keys of a keyword list: `one: [ … ], two: [ … ]`.
fn keys(file: &File<'_>, start: usize, list: &str) -> Vec<Said> {
    let parts = scan::parts(list).into_iter();
    let keys = parts.filter_map(|(at, part)| {
        let name = scan::name(part);
        let colon = part.get(name.len()..)?.starts_with(':');
        (colon && !name.is_empty()).then_some((start + at, name))
    });
    keys.map(|(at, name)| file.said(name, at)).collect()
}

/// The names of `{:phoenix, "~> 1.7"}`, without those of development and tests.
fn dependencies(list: &str) -> Vec<String> {
    let tuples = scan::parts(list).into_iter().map(|(_, part)| part);
    let names = tuples.filter_map(|part| {
        let name = scan::name(part.strip_prefix("{:")?);
        let only = value_of(part, "only").and_then(|at| part.get(at..));
        let only = only.is_some_and(|it| !it.contains(":prod"));
        (!only).then(|| name.to_owned())
    });
    names.collect()
}

/// An umbrella's child builds into the umbrella's folder: the umbrella makes the releases.
fn is_child(text: &str) -> bool {
    let path = value_of(text, "build_path").and_then(|at| scan::string_after(text, at));
    path.is_some_and(|(_, path)| path.starts_with("../"))
}

fn escript(file: &File<'_>, text: &str, app: Option<&Said>, at: usize) -> Vec<Said> {
    let options = list_of(text, "escript");
    let named = options.and_then(|(start, list)| {
        let (at, name) = atom_of(list, "name")?;
        Some(file.said(name, start + at))
    });
    let app = app.map(|app| file.said(app.value.as_str(), at));
    named.or(app).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn without_a_list_the_release_is_the_app() {
        let text = "defmodule Tern.MixProject do\n  def project do\n    [\n      app: :tern,\n      deps: deps()\n    ]\n  end\n\n  def application do\n    [mod: {Tern.Application, []}]\n  end\n\n  defp deps do\n    [\n      {:phoenix, \"~> 1.7\"},\n      # {:old, \"1\"},\n      {:credo, \"~> 1.7\", only: [:dev, :test], runtime: false},\n      {:sentry, \"~> 10\", only: [:prod]},\n      {:tern_core, in_umbrella: true}\n    ]\n  end\nend\n";
        assert_eq!(
            told(&[("mix.exs", text)]),
            [
                "mix.exs | name tern@4 | programs tern@4 | arguments start | needs phoenix sentry tern_core"
            ]
        );
        assert_eq!(
            told(&[("mix.exs", "[app: :reed, deps: [{:jason, \"~> 1.4\"}]]")]),
            ["mix.exs | name reed@1 | needs jason | library"]
        );
    }

    #[test]
    fn releases_have_names_of_their_own_also_in_a_function() {
        let text = "[\n app: :post,\n default_release: :web,\n releases: releases()\n]\ndefp releases do\n [\n  web: [include_executables_for: [:unix]],\n  jobs: [\n    applications: [x: :permanent]\n  ]\n ]\nend\n";
        assert_eq!(
            told(&[("mix.exs", text)]),
            ["mix.exs | name post@2 | programs jobs@9 web@8 | default web@3 | arguments start"]
        );
    }

    #[test]
    fn an_umbrella_names_its_children_and_makes_the_releases() {
        let root = "[apps_path: \"apps\", releases: [shore: [applications: [a: :permanent]]]]";
        let child = "[app: :shore_web, build_path: \"../../_build\", deps: [{:bandit, \"1\"}]]\n[mod: {Shore.Web, []}]";
        assert_eq!(
            told(&[("mix.exs", root), ("apps/shore_web/mix.exs", child)]),
            [
                "apps/shore_web/mix.exs | name shore_web@1 | needs bandit",
                "mix.exs | programs shore@1 | arguments start",
            ]
        );
    }

    #[test]
    fn an_escript_is_a_program_without_arguments() {
        let text = "[app: :reed, escript: escript()]\ndefp escript do\n [main_module: Reed.CLI, name: :reedctl]\nend";
        assert_eq!(
            told(&[("mix.exs", text)]),
            ["mix.exs | name reed@1 | programs reedctl@3"]
        );
    }
}
