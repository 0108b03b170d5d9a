//! Gemfile and *.gemspec.
//!
//! Takes the file, by text; gives gems, and the programs that a gem installs. Never says what starts a
//! Ruby app: its Gemfile does not.

use super::Said;
use super::file::{File, Found, lines, said_by};
use super::scan;

pub(super) fn gemfile(file: &File<'_>) -> Option<Found> {
    let text = scan::without_comments(file.text, &scan::HASH);
    let mut manifest = file.manifest();
    // Blocks that are open, and whether each is only for development or tests.
    let mut blocks: Vec<bool> = Vec::new();
    for (_, line) in lines(&text) {
        let line = line.trim();
        let word = scan::name(line);
        if word == "gem" && !blocks.contains(&true) && !is_for_development(line, "group") {
            let name = scan::strings(line).next();
            manifest
                .dependencies
                .extend(name.map(|(_, name)| name.to_owned()));
        } else if word == "end" {
            blocks.pop();
        } else if line.ends_with(" do")
            || line.contains(" do |")
            || matches!(word, "if" | "unless" | "case")
        {
            let group = word == "group" && is_for_development(line, "group");
            // Deeper than this no Gemfile goes; what is not known counts as needed.
            if blocks.len() < 32 {
                blocks.push(group);
            }
        }
    }
    Some(manifest.into())
}

/// Whether the line names groups, and none that runs in production.
fn is_for_development(line: &str, key: &str) -> bool {
    let Some(at) = scan::word(line, key, 0) else {
        return false;
    };
    let rest = line.get(at..).unwrap_or_default();
    let names = [
        ":development",
        ":test",
        ":doc",
        "\"development\"",
        "\"test\"",
    ];
    names.iter().any(|name| rest.contains(name))
        && !rest.contains("production")
        && !rest.contains("default")
}

pub(super) fn gemspec(file: &File<'_>) -> Option<Found> {
    let text = &scan::without_comments(file.text, &scan::HASH);
    let mut manifest = file.manifest();
    let mut computed = None;
    for (start, line) in lines(text) {
        let Some((_, call)) = line.split_once('.') else {
            continue;
        };
        let at = start + line.len() - call.len();
        let strings = || scan::strings(call);
        match scan::name(call) {
            "name" => manifest.name = strings().next().map(|(_, name)| file.said(name, at)),
            "add_dependency" | "add_runtime_dependency" => {
                manifest
                    .dependencies
                    .extend(strings().next().map(|(_, name)| name.to_owned()));
            }
            "executables" | "executable" => {
                let value = call.trim_start_matches(scan::is_name);
                let value = value.trim_start_matches([' ', '=', '<', '+']);
                if value.starts_with(['[', '"', '\'']) {
                    manifest
                        .programs
                        .extend(strings().map(|(_, name)| file.said(name, at)));
                } else if let Some(names) = value.strip_prefix("%w") {
                    let names = names.trim_matches(['[', ']', '(', ')', ' ']);
                    let names = names.split_whitespace();
                    manifest
                        .programs
                        .extend(names.map(|name| file.said(name, at)));
                } else {
                    computed = ["exe", "bin"].into_iter().find(|it| call.contains(it));
                }
            }
            _ => {}
        }
    }
    // `spec.files.grep(%r{\Aexe/})` is what bundler writes: all files of that folder.
    manifest.programs.extend(
        computed
            .into_iter()
            .flat_map(|folder| files_in(file, folder)),
    );
    manifest.is_library = manifest.programs.is_empty();
    Some(manifest.into())
}

fn files_in(file: &File<'_>, folder: &str) -> Vec<Said> {
    let folder = file.beside(folder);
    let direct = file
        .tree
        .below(&folder)
        .filter(|path| path.parent() == Some(folder.as_path()));
    let named = direct.filter_map(|path| Some((path, path.file_name()?.to_str()?)));
    named
        .map(|(path, name)| said_by(path.to_owned(), name))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn gems_of_development_are_left_out() {
        let text = "source \"https://rubygems.org\"\n\ngem \"rails\", \"~> 8.0\" # the framework\ngem 'puma'\ngem \"pry\", group: :development\n\ngroup :development, :test do\n  platforms :mri do\n    gem \"debug\"\n  end\n  gem \"rspec\"\nend\n\ngroup :production do\n  gem \"pg\"\nend\ngem \"redis\", group: [:test, :production]\n";
        assert_eq!(
            told(&[("Gemfile", text)]),
            ["Gemfile | needs pg puma rails redis"]
        );
    }

    #[test]
    fn a_gem_installs_its_executables() {
        let text = "Gem::Specification.new do |spec|\n  spec.name = \"wick-et\"\n  spec.executables << \"wicket\"\n  spec.add_dependency \"rack\", \">= 3\"\n  spec.add_development_dependency \"rake\"\nend\n";
        assert_eq!(
            told(&[("wick-et.gemspec", text)]),
            ["wick-et.gemspec | name wick-et@2 | programs wicket@3 | needs rack"]
        );
        let words = "s.executables = %w[one two]\n";
        assert_eq!(
            told(&[("a.gemspec", words)]),
            ["a.gemspec | programs one@1 two@1"]
        );
        let all = "spec.executables = spec.files.grep(%r{\\Aexe/}) { |f| File.basename(f) }\n";
        assert_eq!(
            told(&[("b.gemspec", all), ("exe/bee", ""), ("bin/console", "")]),
            ["b.gemspec | programs bee@exe/bee:1"]
        );
        assert_eq!(
            told(&[("c.gemspec", "s.name = 'c'")]),
            ["c.gemspec | name c@1 | library"]
        );
    }
}
