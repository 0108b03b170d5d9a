//! *.nimble: the binaries of a Nim package.
//!
//! Takes the file, by text; gives `bin`, `namedBin` and `requires`. Never runs the file, which is a script.

use super::file::{File, Found};
use super::scan;

/// Lists of binaries that are read: one is usual, and each may run to the end of the file.
const MOST_LISTS: usize = 4;

pub(super) fn read(file: &File<'_>) -> Option<Found> {
    let text = &scan::without_comments(file.text, &scan::HASH);
    let mut manifest = file.manifest();
    manifest.name = file.stem().map(|stem| file.said(stem, 0));
    let (mut open, mut lists) = (false, 0);
    for (start, line) in super::file::lines(text) {
        let word = scan::name(line.trim_start());
        let strings = || scan::strings(line).map(|(at, value)| (start + at, value));
        let rest = line
            .trim_start()
            .get(word.len()..)
            .unwrap_or_default()
            .trim_start();
        match word {
            "bin" if lists < MOST_LISTS && (rest.starts_with('=') || rest.starts_with("&=")) => {
                lists += 1;
                manifest.programs.extend(binaries(file, text, start));
            }
            // `namedBin["main"] = "web"` and `namedBin = {"main": "web"}.toTable`.
            "namedBin" => {
                let values = strings().skip(1).step_by(2);
                manifest
                    .programs
                    .extend(values.map(|(at, name)| file.said(name, at)));
            }
            "requires" => manifest
                .dependencies
                .extend(strings().filter_map(|(_, it)| package(it))),
            "" if open => manifest
                .dependencies
                .extend(strings().filter_map(|(_, it)| package(it))),
            _ => {}
        }
        open = (word == "requires" || (word.is_empty() && open)) && line.trim_end().ends_with(',');
    }
    manifest.is_library = manifest.programs.is_empty();
    Some(manifest.into())
}

/// `bin = @["web", "tools/import"]`, also over several lines: the last part of each is the program.
fn binaries(file: &File<'_>, text: &str, start: usize) -> Vec<super::Said> {
    let equals = text.get(start..).and_then(|it| it.find('='));
    let at = start + equals.map_or(0, |it| it + 1);
    let value = text.get(at..).unwrap_or_default().trim_start();
    let list = value.strip_prefix('@').unwrap_or(value);
    let Some((start, inside)) = scan::brackets(text, text.len() - list.len()) else {
        return Vec::new();
    };
    let names = scan::strings(inside).filter_map(|(at, path)| Some((at, path.rsplit('/').next()?)));
    names
        .map(|(at, name)| file.said(name, start + at))
        .collect()
}

/// `jester >= 0.5` is `jester`; the last part of an address is the package.
fn package(requirement: &str) -> Option<String> {
    let word = requirement
        .split([' ', '<', '>', '=', '#', '@', '~', '^'])
        .next()?;
    let name = word.rsplit('/').next()?.trim_end_matches(".git");
    (name != "nim" && !name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn binaries_stand_in_lists_or_have_names() {
        let list = "version = \"0.1\"\nbinDir = \"out\"\nbin = @[\n  \"heron\",\n  \"tools/heron_import\"]\nrequires \"nim >= 2.0\", \"jester#head\",\n         \"https://example.org/ws.git\"\nrequires(\"norm 2.8\")\n";
        assert_eq!(
            told(&[("heron.nimble", list)]),
            [
                "heron.nimble | name heron@1 | programs heron@4 heron_import@5 | needs jester norm ws"
            ]
        );
        assert_eq!(
            told(&[(
                "x.nimble",
                "namedBin[\"main\"] = \"x-web\"\n# bin = @[\"y\"]\n"
            )]),
            ["x.nimble | name x@1 | programs x-web@1"]
        );
        assert_eq!(
            told(&[("lib.nimble", "srcDir = \"src\"")]),
            ["lib.nimble | name lib@1 | library"]
        );
    }
}
