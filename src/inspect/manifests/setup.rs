//! setup.py and setup.cfg: console scripts and dependencies, by text.
//!
//! Takes the file; gives what stands there in plain strings. A list that is computed gives nothing.

use super::Said;
use super::file::{File, Found, lines};
use super::python::package;
use super::scan;

pub(super) fn script(file: &File<'_>) -> Option<Found> {
    let text = scan::without_comments(file.text, &scan::HASH);
    let mut manifest = file.manifest();
    manifest.name = argument(&text, "name")
        .and_then(|at| direct_string(&text, at))
        .map(|(at, name)| file.said(name, at));
    let needs = argument(&text, "install_requires").and_then(|at| scan::brackets(&text, at));
    let needs = needs
        .into_iter()
        .flat_map(|(_, inside)| scan::strings(inside));
    manifest.dependencies = needs.filter_map(|(_, it)| package(it)).collect();
    manifest.programs = console(file, &text);
    let files = argument(&text, "scripts").and_then(|at| scan::brackets(&text, at));
    if let Some((start, inside)) = files {
        let names = scan::strings(inside);
        let names = names.filter_map(|(at, path)| Some((at, path.rsplit('/').next()?)));
        manifest
            .programs
            .extend(names.map(|(at, name)| file.said(name, start + at)));
    }
    Some(manifest.into())
}

/// Where the value of `name=` begins.
fn argument(text: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = scan::word(text, name, from) {
        let after = text.get(at + name.len()..)?;
        let value = after.trim_start().strip_prefix('=');
        if let Some(value) = value.filter(|it| !it.starts_with('=')) {
            return Some(text.len() - value.len());
        }
        from = at + name.len();
    }
    None
}

/// A string that stands right there.
fn direct_string(text: &str, at: usize) -> Option<(usize, &str)> {
    let value = text.get(at..)?.trim_start();
    let value = value.starts_with(['"', '\'']).then_some(value)?;
    scan::string_after(text, text.len() - value.len())
}

/// `"console_scripts": ["name = module:function"]`, or the same as one text of lines.
fn console(file: &File<'_>, text: &str) -> Vec<Said> {
    let Some(at) = scan::word(text, "console_scripts", 0) else {
        return Vec::new();
    };
    let after = at + "console_scripts".len();
    let rest = text.get(after..).unwrap_or_default();
    let value =
        rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ':' | '='));
    let Some((start, inside)) = scan::brackets(text, text.len() - value.len()) else {
        return ini_scripts(file, text, after);
    };
    let strings = scan::strings(inside);
    let scripts = strings.filter_map(|(at, it)| Some((start + at, it.split_once('=')?.0.trim())));
    scripts.map(|(at, name)| file.said(name, at)).collect()
}

/// Lines of `name = module:function` from `from` on, up to the first that is none.
fn ini_scripts(file: &File<'_>, text: &str, from: usize) -> Vec<Said> {
    let rest = text.get(from..).unwrap_or_default();
    let rows = lines(rest)
        .skip(1)
        .filter(|(_, line)| !line.trim().is_empty());
    let rows = rows.map_while(|(at, line)| {
        let (name, target) = line.split_once('=')?;
        target.contains(':').then_some((from + at, name.trim()))
    });
    rows.map(|(at, name)| file.said(name, at)).collect()
}

pub(super) fn config(file: &File<'_>) -> Option<Found> {
    let mut manifest = file.manifest();
    let (mut section, mut key) = ("", "");
    for (at, line) in lines(file.text) {
        let word = line.trim();
        if word.is_empty() || word.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = word.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            (section, key) = (name.trim(), "");
            continue;
        }
        let mut value = word;
        if !line.starts_with([' ', '\t']) {
            let (name, after) = word.split_once('=').unwrap_or((word, ""));
            (key, value) = (name.trim(), after.trim());
        }
        match (section, key) {
            ("metadata", "name") => manifest.name = Some(file.said(value, at)),
            ("options", "install_requires") => manifest.dependencies.extend(package(value)),
            ("options.entry_points", "console_scripts") => {
                let name = value.split_once('=').map(|(name, _)| name.trim());
                manifest
                    .programs
                    .extend(name.map(|name| file.said(name, at)));
            }
            _ => {}
        }
    }
    // Many a setup.cfg holds settings of a linter, and no package.
    let says = manifest.name.is_some()
        || !manifest.programs.is_empty()
        || !manifest.dependencies.is_empty();
    says.then(|| manifest.into())
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn console_scripts_stand_in_a_list_or_in_a_text() {
        let list = "from setuptools import setup\n\nfilename = 'x'\nsetup(\n    name=\"sparrow-post\",\n    install_requires=['redis>=5', \"Flask\"],\n    # entry_points={'console_scripts': ['old=x:y']},\n    entry_points={\"console_scripts\": [\"sparrowd = sparrow.main:run\",\n        \"sparrowctl=sparrow.ctl:run\"]},\n    scripts=['bin/sparrow-dump'],\n)\n";
        assert_eq!(
            told(&[("setup.py", list)]),
            [
                "setup.py | name sparrow-post@5 | programs sparrow-dump@10 sparrowctl@9 sparrowd@8 | needs flask redis"
            ]
        );
        let text = "setup(name=NAME, entry_points=\"\"\"\n    [console_scripts]\n    rook = rookery.cli:main\n    \"\"\")\n";
        assert_eq!(told(&[("setup.py", text)]), ["setup.py | programs rook@3"]);
    }

    #[test]
    fn setup_cfg_is_read_by_section() {
        let text = "[metadata]\nname = tern\n\n[options]\ninstall_requires =\n    aiohttp >= 3\n    # a remark\n    uvloop\n\n[options.entry_points]\nconsole_scripts =\n    tern-web = tern.web:main\ngui_scripts =\n    tern-win = tern.win:main\n";
        assert_eq!(
            told(&[("setup.cfg", text)]),
            ["setup.cfg | name tern@2 | programs tern-web@12 | needs aiohttp uvloop"]
        );
        assert!(told(&[("setup.cfg", "[flake8]\nmax-line-length = 100\n")]).is_empty());
    }
}
