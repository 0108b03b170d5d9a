//! What is too long for a Dockerfile: Docker reads lines of up to 64 KiB.
//!
//! Takes a file that was rendered; gives it back, or says what makes it too long, so that this isn't Docker's to say.

use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::shell::quote;

/// Somewhat below Docker's limit.
const MOST_BYTES: usize = 65_000;

/// The file, unless it has a line that Docker wouldn't read.
///
/// Errors: `render/long-line`.
pub(super) fn checked(plan: &Plan, text: String) -> Result<String> {
    if text.lines().all(|line| line.len() <= MOST_BYTES) {
        return Ok(text);
    }
    let (_, of, todo) = sizes(plan)
        .into_iter()
        .max_by_key(|(size, ..)| *size)
        .unwrap_or_default();
    Err(Error::user(
        "render/long-line",
        format!("a line of the Dockerfile has over {MOST_BYTES} bytes, with all {of}"),
        todo,
    )
    .because("Docker reads no line over 64 KiB"))
}

/// How long each kind of wishes is, and what to do about it.
fn sizes(plan: &Plan) -> [(usize, &'static str, &'static str); 6] {
    let build = &plan.build;
    let caches = &plan.caches;
    let sum = |sizes: &mut dyn Iterator<Item = usize>| sizes.map(|size| size + 1).sum::<usize>();
    [
        (
            sum(&mut build.nix_args.iter().map(|it| quote(it.as_str()).len())),
            "the words for Nix: `--nix-arg`, `--option`, `--arg`, `--argstr` and `--override-input`",
            "give fewer or shorter ones: an argument may name a file of the project that holds the value",
        ),
        (
            sum(&mut caches.substituters.iter().map(|it| it.as_str().len())),
            "the caches: `--substituter`",
            "give fewer: `--secret nix-config=FILE` takes lines of nix.conf",
        ),
        (
            sum(&mut caches.public_keys.iter().map(|it| it.as_str().len())),
            "the keys of caches: `--trusted-public-key`",
            "give fewer: `--secret nix-config=FILE` takes lines of nix.conf",
        ),
        (
            sum(&mut build.root.packages.iter().map(|it| it.to_string().len())),
            "the packages beside the app: `--with`",
            "make one package of them in the project: `pkgs.buildEnv`",
        ),
        (
            sum(&mut build.prune.iter().map(|it| it.to_string().len())),
            "the rules for what stays out: `--prune`",
            "give fewer or shorter ones: `*` stands for any part of a name",
        ),
        (
            sum(&mut plan.processes.values().map(|it| it.command.shown().len())),
            "the commands of the Procfile",
            "put them into scripts that the package brings, and name those",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::dockerfile::tests::plan;
    use super::super::{Target, dockerfile};
    use crate::inspect::Origin;
    use crate::plan::NixArg;

    #[test]
    fn a_line_that_docker_does_not_read_is_refused_with_what_makes_it_long() {
        let mut plan = plan(Origin::Classic, "app", &[("web", "/app/bin/hello")]);
        let word = |_| NixArg::try_from("x".repeat(4_000)).unwrap();
        plan.build.nix_args = (0..15).map(word).collect();
        assert!(dockerfile(&plan, Target::All).is_ok());
        plan.build.nix_args = (0..17).map(word).collect();
        let words = dockerfile(&plan, Target::All).unwrap_err();
        plan.build.nix_args.clear();
        let key = |at| {
            let key = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
            format!("k-{at}:{key}").parse().unwrap()
        };
        plan.caches.public_keys = (0..2_000).map(key).collect();
        let keys = dockerfile(&plan, Target::All).unwrap_err();
        insta::assert_snapshot!("too_long", format!("{words}\n\n{keys}"));
    }
}
