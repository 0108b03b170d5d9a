//! Corrects a draft by what Nix says of it, and Nix's own words for a warning.
//!
//! Takes facts, which come from the project's own expressions; never lets a text of theirs through that would
//! be more than one line.

use std::path::Path;

use crate::files::file_name;
use crate::names::ProgramName;
use crate::nix::Facts;

use super::super::candidates::Draft;
use super::super::project::{CandidateKind, Program, Source};

/// Corrects a draft by what Nix says of it.
pub(super) fn correct(draft: &mut Draft, facts: &Facts, source: &Source) {
    let candidate = &mut draft.candidate;
    candidate.input_derivation = Some(facts.inputs);
    let name = facts.pname.as_ref().or(facts.name.as_ref());
    if let Some(name) = name.filter(|name| is_plain(name)) {
        candidate.package = Some(name.clone());
    }
    let mut said = facts.program.as_deref();
    if let Some(image) = &facts.image {
        candidate.kind = CandidateKind::Image;
        said = None;
        if draft.package.is_none()
            && let Some((name, arguments)) = image.command.split_first()
        {
            if !image.command.iter().all(|word| is_plain(word)) {
                candidate.program =
                    Program::unknown("the image's command holds a control character");
                return;
            }
            // An image starts a path: its last part is the program's name.
            said = Some(file_name(name));
            candidate.arguments = arguments.to_vec();
        }
    }
    // A script's only program is known by reading, and not by Nix: keep it.
    let Some(said) = said else { return };
    let Ok(name) = said.parse::<ProgramName>() else {
        let shown = said.escape_debug();
        let because =
            format!("Nix says that its program is `{shown}`, which is no file name in bin/");
        candidate.because(0, because.clone(), Some(source.clone()));
        candidate.program = Program::unknown(because);
        return;
    };
    let name = name.as_str();
    let what = match candidate.program.name() {
        Some(read) if read == name => None,
        Some(read) => Some(format!(
            "Nix says that its program is `{name}`; the file reads as `{read}`"
        )),
        None => Some(format!("Nix says that its program is `{name}`")),
    };
    if let Some(what) = what {
        candidate.because(0, what, Some(source.clone()));
    }
    candidate.program = Program::Known {
        name: name.to_owned(),
        source: source.clone(),
    };
}

fn is_plain(text: &str) -> bool {
    !text.contains(char::is_control)
}

/// Nix's words as a reader of the project knows its files: `./flake.nix` for the copy that Nix was given.
pub(super) fn words(words: Vec<String>, folder: &Path) -> Vec<String> {
    let whole = fs_err::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    // The longer one may hold the other (`/private/tmp/x` on a Mac).
    let folders = [whole.display().to_string(), folder.display().to_string()];
    let words = words.into_iter().map(|line| {
        let line = folders
            .iter()
            .filter(|folder| folder.len() > 1)
            .fold(line, |line, folder| line.replace(folder.as_str(), "."));
        line.chars()
            .filter(|c| !c.is_control() || *c == '\t')
            .collect()
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::candidates;
    use crate::inspect::project::Origin;
    use crate::names::AttrPath;
    use crate::nix::ImageFacts;

    fn corrected(facts: &Facts) -> Draft {
        let source = Source::Evaluation {
            version: "nix".to_owned(),
        };
        let path = AttrPath::new(["web"]);
        let mut draft = candidates::evaluated(Origin::Classic, &path, source.clone());
        correct(&mut draft, facts, &source);
        draft
    }

    #[test]
    fn a_name_that_is_no_file_name_is_not_taken() {
        for name in [
            "web\n  warning: forged",
            "../sh",
            "bin/web",
            "",
            "a b",
            "\u{1b}[2J",
        ] {
            let draft = corrected(&Facts {
                program: Some(name.to_owned()),
                pname: Some("x\ny".to_owned()),
                ..Facts::default()
            });
            let candidate = draft.candidate;
            assert_eq!(candidate.program.name(), None, "{name:?}");
            assert_eq!(candidate.package, None);
            let shown = candidate.reasons.concat();
            assert!(!shown.contains(char::is_control), "{shown:?}");
        }
    }

    #[test]
    fn an_image_starts_a_path_of_plain_words() {
        let image = |command: &[&str]| {
            let command = command.iter().map(ToString::to_string).collect();
            corrected(&Facts {
                image: Some(ImageFacts { command }),
                ..Facts::default()
            })
            .candidate
        };
        let good = image(&["/nix/store/x/bin/web", "serve"]);
        assert_eq!(good.program.name(), Some("web"));
        assert_eq!(good.arguments, ["serve"]);
        for bad in [&["/bin/web", "a\nb"], &["/bin/we\nb", "a"], &["/bin/", "a"]] {
            assert_eq!(image(bad).program.name(), None, "{bad:?}");
        }
    }

    #[test]
    fn the_copy_of_the_project_is_called_by_its_own_name() {
        let said = vec!["error: at /tmp/x1/context/flake.nix:1\u{7}".to_owned()];
        assert_eq!(
            words(said, Path::new("/tmp/x1/context")),
            ["error: at ./flake.nix:1"]
        );
    }
}
