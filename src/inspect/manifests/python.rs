//! pyproject.toml, Pipfile, requirements.txt and Django's manage.py.
//!
//! Takes the file; gives console scripts and dependencies. Never says "library": a Python app that
//! gunicorn or a script starts looks the same.

use super::Manifest;
use super::file::{File, Found, lines};
use super::table::{self, Table};

/// Where the tools keep the names of console scripts.
const SCRIPTS: &[&[&str]] = &[
    &["project", "scripts"],
    &["tool", "poetry", "scripts"],
    &["tool", "flit", "scripts"],
];
const NAMES: &[&[&str]] = &[
    &["project", "name"],
    &["tool", "poetry", "name"],
    &["tool", "flit", "metadata", "module"],
];

pub(super) fn pyproject(file: &File<'_>) -> Option<Found> {
    let root = table::parse(file.text)?;
    let mut manifest = file.manifest();
    let mut names = NAMES
        .iter()
        .filter_map(|keys| table::said(file, &root, keys));
    manifest.name = names.next();
    let scripts = SCRIPTS.iter().flat_map(|keys| table::entries(&root, keys));
    manifest.programs = scripts.map(|(name, at, _)| file.said(name, at)).collect();
    let stated = table::strings(&root, &["project", "dependencies"]);
    let old = table::strings(&root, &["tool", "flit", "metadata", "requires"]);
    manifest.dependencies = stated.chain(old).filter_map(package).collect();
    manifest.dependencies.extend(poetry(&root));
    let members = table::strings(&root, &["tool", "uv", "workspace", "members"]);
    let without = table::strings(&root, &["tool", "uv", "workspace", "exclude"]);
    let without = without.map(|it| format!("!{it}"));
    Some(Found {
        members: members.map(str::to_owned).chain(without).collect(),
        manifest: Some(manifest),
    })
}

fn poetry(root: &Table<'_>) -> Vec<String> {
    let entries = table::entries(root, &["tool", "poetry", "dependencies"]);
    let optional = |value: Option<&Table<'_>>| {
        let value = value.and_then(|it| table::get(it, &["optional"]));
        value.and_then(|it| it.get_ref().as_bool()) == Some(true)
    };
    let needed =
        entries.filter(|(name, _, value)| *name != "python" && !optional(value.as_table()));
    needed.filter_map(|(name, ..)| package(name)).collect()
}

pub(super) fn pipfile(file: &File<'_>) -> Option<Found> {
    let root = table::parse(file.text)?;
    let mut manifest = file.manifest();
    let packages = table::entries(&root, &["packages"]);
    manifest.dependencies = packages.filter_map(|(name, ..)| package(name)).collect();
    Some(manifest.into())
}

pub(super) fn requirements(file: &File<'_>) -> Option<Found> {
    let mut manifest = file.manifest();
    let lines = lines(file.text).map(|(_, line)| line.trim());
    // `-r other.txt`, `-e .`, `--hash=…` and addresses are no names.
    let names = lines.filter(|line| !line.starts_with(['-', '#', '.', '/']));
    let names = names.filter(|line| !line.split(['@', '#']).next().unwrap_or("").contains("://"));
    manifest.dependencies = names.filter_map(package).collect();
    Some(manifest.into())
}

/// Django's own helper, which a project's root holds: not a program of the package.
pub(super) fn django(file: &File<'_>) -> Option<Found> {
    let mut manifest: Manifest = file.manifest();
    if !file.text.contains("django") {
        return None;
    }
    manifest.dependencies = vec!["django".to_owned()];
    Some(manifest.into())
}

/// The package's name of a requirement, as the index writes it: `Flask_Cors[async]>=4` is `flask-cors`.
pub(super) fn package(requirement: &str) -> Option<String> {
    let requirement = requirement.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let end = requirement
        .find(|c| !is_name(c))
        .unwrap_or(requirement.len());
    let name = requirement.get(..end)?.trim_matches(['.', '_', '-']);
    let mut normal = String::with_capacity(name.len());
    for letter in name.chars() {
        if !matches!(letter, '.' | '_' | '-') {
            normal.push(letter.to_ascii_lowercase());
        } else if !normal.ends_with('-') {
            normal.push('-');
        }
    }
    (!normal.is_empty()).then_some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::manifests::tests::told;

    #[test]
    fn scripts_of_the_standard_and_of_poetry_are_programs() {
        let standard = "[project]\nname = \"glass-house\"\ndependencies = [\n  \"Flask[async]>=3\",\n  \"psycopg_pool ~= 3.2; python_version > '3.9'\",\n  \"uvicorn\",\n]\n\n[project.scripts]\nglass-serve = \"glasshouse.api:run\"\n\n[project.gui-scripts]\nglass-window = \"glasshouse.ui:run\"\n";
        assert_eq!(
            told(&[("pyproject.toml", standard)]),
            [
                "pyproject.toml | name glass-house@2 | programs glass-serve@10 | needs flask psycopg-pool uvicorn"
            ]
        );
        let poetry = "[tool.poetry]\nname = \"ferryboard\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\naiohttp = \"^3\"\nsentry-sdk = { version = \"2\", optional = true }\n[tool.poetry.scripts]\nferry-web = \"ferryboard.app:main\"\nferry-import = { callable = \"ferryboard.timetable:main\" }\n";
        assert_eq!(
            told(&[("pyproject.toml", poetry)]),
            [
                "pyproject.toml | name ferryboard@2 | programs ferry-import@9 ferry-web@8 | needs aiohttp"
            ]
        );
    }

    #[test]
    fn lists_of_requirements_and_djangos_helper_are_evidence_only() {
        let list = "# web\nDjango==5.1  # the framework\n-r more.txt\ngunicorn>=23\nredis @ https://example.org/r.whl\nhttps://example.org/x.whl\ngit+https://example.org/y\n";
        assert_eq!(
            told(&[
                ("requirements.txt", list),
                (
                    "Pipfile",
                    "[packages]\nPillow = \"*\"\n[dev-packages]\nblack = \"*\"\n"
                ),
                (
                    "manage.py",
                    "from django.core.management import execute_from_command_line\n"
                ),
            ]),
            [
                "Pipfile | needs pillow",
                "manage.py | needs django",
                "requirements.txt | needs django gunicorn redis",
            ]
        );
        assert!(told(&[("manage.py", "print('stock')\n")]).is_empty());
    }

    #[test]
    fn names_are_written_as_the_index_does() {
        assert_eq!(
            package("Zope.Interface__x>1").as_deref(),
            Some("zope-interface-x")
        );
        assert_eq!(package(">=3"), None);
    }
}
