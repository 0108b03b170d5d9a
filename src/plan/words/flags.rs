//! The flags of Nix, a row each: how many words belong to one, and what a build may use it for.
//!
//! After leaving out what no build may have, whatever one command of flakes takes all of them take, and so do those for other
//! files. So words need not be told apart by the command that they are for.

/// What a flag may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fits {
    /// Every call of Nix takes it.
    Any,
    /// Only the commands that flakes are built by.
    Flakes,
    /// Only `nix-build` and `nix-instantiate`.
    Classic,
    /// A build can't have it, because.
    Never(&'static str),
}

/// A flag, and how many words belong to it.
pub(super) struct Flag {
    pub(super) name: &'static str,
    pub(super) operands: usize,
    pub(super) fits: Fits,
}

const RESULT: Fits = Fits::Never("the Dockerfile says where the result goes");
const PRINTS: Fits = Fits::Never("the Dockerfile reads what Nix prints");
const WHAT: Fits = Fits::Never("what is built is said by nixdyno's own `--attr` and `--file`");
const NOTHING: Fits = Fits::Never("nothing would be built");
const STORE: &str = "the image is made of what is in /nix/store";
const SYSTEM: &str = "a dyno runs x86_64-linux, and the build runs on it";
const LOCK: Fits = Fits::Never("a build in Docker can't write into the project");
const FIRST: Fits = Fits::Never("there is no earlier build in Docker to compare with");
pub(super) const SECRET: &str =
    "it holds a secret, and would stand in the Dockerfile and in Docker's cache";

/// Every flag that is known. What is not here goes to Nix as it is. Tried with Nix 2.8 and 2.26.
pub(super) const FLAGS: &[Flag] = &[
    flag("-I", 1, Fits::Any),
    flag("--include", 1, Fits::Any),
    flag("--option", 2, Fits::Any),
    flag("--cores", 1, Fits::Any),
    flag("-j", 1, Fits::Any),
    flag("--max-jobs", 1, Fits::Any),
    flag("--timeout", 1, Fits::Any),
    flag("--max-silent-time", 1, Fits::Any),
    flag("--log-format", 1, Fits::Any),
    flag("--override-flake", 2, Fits::Any),
    flag("--impure", 0, Fits::Any),
    flag("--accept-flake-config", 0, Fits::Any),
    flag("--fallback", 0, Fits::Any),
    flag("--keep-going", 0, Fits::Any),
    flag("--keep-failed", 0, Fits::Any),
    flag("--show-trace", 0, Fits::Any),
    flag("--verbose", 0, Fits::Any),
    flag("-v", 0, Fits::Any),
    flag("--quiet", 0, Fits::Any),
    flag("--debug", 0, Fits::Any),
    flag("--override-input", 2, Fits::Flakes),
    flag("--update-input", 1, Fits::Flakes),
    flag("--inputs-from", 1, Fits::Flakes),
    flag("--reference-lock-file", 1, Fits::Flakes),
    flag("--recreate-lock-file", 0, Fits::Flakes),
    flag("--no-update-lock-file", 0, Fits::Flakes),
    flag("--no-write-lock-file", 0, Fits::Flakes),
    flag("--no-registries", 0, Fits::Flakes),
    flag("--offline", 0, Fits::Flakes),
    flag("--refresh", 0, Fits::Flakes),
    flag("--print-build-logs", 0, Fits::Flakes),
    flag("-L", 0, Fits::Flakes),
    flag("--arg", 2, Fits::Classic),
    flag("--argstr", 2, Fits::Classic),
    flag("-k", 0, Fits::Classic),
    flag("-K", 0, Fits::Classic),
    flag("-Q", 0, Fits::Classic),
    flag("--no-build-output", 0, Fits::Classic),
    flag("--out-link", 1, RESULT),
    flag("-o", 1, RESULT),
    flag("--no-link", 0, RESULT),
    flag("--no-out-link", 0, RESULT),
    flag("--profile", 1, RESULT),
    flag("--add-root", 1, RESULT),
    flag("--indirect", 0, RESULT),
    flag("--to", 1, RESULT),
    flag("--json", 0, PRINTS),
    flag("--raw", 0, PRINTS),
    flag("--xml", 0, PRINTS),
    flag("--strict", 0, PRINTS),
    flag("--apply", 1, PRINTS),
    flag("--print-out-paths", 0, PRINTS),
    flag("--derivation", 0, PRINTS),
    flag("--recursive", 0, PRINTS),
    flag("-r", 0, PRINTS),
    flag("--closure-size", 0, PRINTS),
    flag("-S", 0, PRINTS),
    flag("--size", 0, PRINTS),
    flag("-s", 0, PRINTS),
    flag("--human-readable", 0, PRINTS),
    flag("-h", 0, PRINTS),
    flag("--sigs", 0, PRINTS),
    flag("--file", 1, WHAT),
    flag("-f", 1, WHAT),
    flag("--expr", 1, WHAT),
    flag("-E", 1, WHAT),
    flag("--attr", 1, WHAT),
    flag("-A", 1, WHAT),
    flag("--packages", 0, WHAT),
    flag("-p", 0, WHAT),
    flag("--stdin", 0, WHAT),
    flag("--", 0, WHAT),
    flag("-", 0, WHAT),
    flag("--dry-run", 0, NOTHING),
    flag("--help", 0, NOTHING),
    flag("--version", 0, NOTHING),
    flag("--eval", 0, NOTHING),
    flag("--parse", 0, NOTHING),
    flag("--find-file", 0, NOTHING),
    flag("--run-env", 0, NOTHING),
    flag("--debugger", 0, NOTHING),
    flag("--store", 1, Fits::Never(STORE)),
    flag("--eval-store", 1, Fits::Never(STORE)),
    flag("--system", 1, Fits::Never(SYSTEM)),
    flag("--output-lock-file", 1, LOCK),
    flag("--commit-lock-file", 0, LOCK),
    flag("--check", 0, FIRST),
    flag("--rebuild", 0, FIRST),
];

/// Settings that no build may have, by `--option` or by a flag of their own.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("access-tokens", SECRET),
    ("impure-env", SECRET),
    ("store", STORE),
    ("system", SYSTEM),
];

const fn flag(name: &'static str, operands: usize, fits: Fits) -> Flag {
    Flag {
        name,
        operands,
        fits,
    }
}
