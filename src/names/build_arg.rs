//! Arguments of a Docker build: `ARG NAME="value"` in a Dockerfile, `--build-arg NAME=VALUE` on a command line.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

use super::login::{has_login, without_login};

/// The name of a build argument: `[A-Za-z_][A-Za-z0-9_]*`, and nothing that Docker, the shell or Nix reads itself.
///
/// Never one that looks like a secret: everybody who has the builder or the Dockerfile can see the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BuildArgName(String);
string_newtype!(BuildArgName);

/// Names that mean something to the shell or the programs of a build.
const TAKEN: &[&str] = &[
    "_",
    "CDPATH",
    "ENV",
    "EUID",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
    "GLOBIGNORE",
    "HOME",
    "IFS",
    "OLDPWD",
    "OPTARG",
    "OPTIND",
    "PATH",
    "POSIXLY_CORRECT",
    "PPID",
    "PS4",
    "PWD",
    "SHELL",
    "SHELLOPTS",
    "SHLVL",
    "SOURCE_DATE_EPOCH",
    "SSL_CERT_FILE",
    "TMPDIR",
    "UID",
    "USER",
];

/// The starts of such names: Docker's own arguments, bash's, the linker's, git's and Nix's settings.
const TAKEN_STARTS: &[&str] = &[
    "BASH",
    "BUILDKIT_",
    "BUILDPLATFORM",
    "GIT_CONFIG",
    "GIT_SSL_",
    "LD_",
    "NIX_",
    "TARGET",
];

/// What Docker gives every build of its own accord, in capitals and in small letters.
const PROXIES: &[&str] = &[
    "ALL_PROXY",
    "FTP_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
];

/// Docker's `TARGETARCH` and its like; `TARGET_ENV` is anybody's.
const TARGETS: &[&str] = &[
    "TARGETARCH",
    "TARGETOS",
    "TARGETPLATFORM",
    "TARGETSTAGE",
    "TARGETVARIANT",
];

/// Words between `_` that name a secret, and ends of words that do.
const SECRETS: &[&str] = &[
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
    "KEY",
    "KEYS",
    "PASS",
    "PASSPHRASE",
    "PASSWD",
    "PASSWORD",
    "PASSWORDS",
    "PWD",
    "SECRET",
    "SECRETS",
    "TOKEN",
    "TOKENS",
];
const SECRET_ENDS: &[&str] = &["APIKEY", "PASSWORD", "SECRET", "TOKEN"];

fn is_taken(name: &str) -> bool {
    let capitals = name.to_ascii_uppercase();
    let starts =
        |start: &&str| name.starts_with(*start) && (*start != "TARGET" || TARGETS.contains(&name));
    TAKEN.contains(&name) || PROXIES.contains(&capitals.as_str()) || TAKEN_STARTS.iter().any(starts)
}

/// Whether a name says that what it names is a secret.
pub fn is_secret(name: &str) -> bool {
    let capitals = name.to_ascii_uppercase();
    let mut words = capitals.split('_');
    words.any(|word| SECRETS.contains(&word) || SECRET_ENDS.iter().any(|end| word.ends_with(end)))
}

impl FromStr for BuildArgName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        // Where somebody left out the name, this is the value.
        let shown = without_login(text);
        let shown = shown.escape_debug();
        if text.starts_with(|c: char| c.is_ascii_digit())
            || !text.chars().all(plain)
            || !(1..=128).contains(&text.len())
        {
            return Err(Error::user(
                "names/build-arg",
                format!("`{shown}` is no name for a build argument"),
                "use letters, digits and `_`, such as `GIT_REVISION`, and don't start with a digit",
            ));
        }
        if is_taken(text) {
            return Err(Error::user(
                "names/build-arg-taken",
                format!("`{shown}` can't be a build argument"),
                "choose another name",
            )
            .because("Docker, the shell or Nix reads a variable of that name itself"));
        }
        if is_secret(text) {
            return Err(Error::user(
                "names/build-arg-secret",
                format!("`{shown}` looks like a secret, and build arguments are none"),
                format!("let the running app read it: `heroku config:set {shown}=…`"),
            )
            .because("they stand in the Dockerfile, in `docker history` and in the builder's cache")
            .or("choose another name, if it is no secret"));
        }
        Ok(BuildArgName(text.to_owned()))
    }
}

/// The value of a build argument: one line, not longer than a Dockerfile's line may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BuildArgValue(String);
string_newtype!(BuildArgValue);

impl FromStr for BuildArgValue {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if has_login(text) {
            return Err(login());
        }
        if text.len() <= 4096 && !text.chars().any(char::is_control) {
            return Ok(BuildArgValue(text.to_owned()));
        }
        let start: String = without_login(text).chars().take(40).collect();
        Err(Error::user(
            "names/build-arg-value",
            format!(
                "`{}` can't be the value of a build argument",
                start.escape_debug()
            ),
            "use one line of at most 4096 bytes, without control characters",
        )
        .because("it stands on one line of the Dockerfile"))
    }
}

/// Doesn't show the value.
fn login() -> Error {
    Error::user(
        "names/build-arg-login",
        "the value of a build argument is an address with a login in it",
        "write the address without: no password, no token",
    )
    .because("it would stand in the Dockerfile, in `docker history` and in the builder's cache")
    .or("let the running app read it: `heroku config:set NAME=…`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> &'static str {
        name.parse::<BuildArgName>()
            .map_or_else(|error| error.id(), |_| "")
    }

    #[test]
    fn names_that_mean_something_or_hide_something_are_refused() {
        for good in [
            "GIT_REVISION",
            "a",
            "_x",
            "TARGET_ENV",
            "MONKEY",
            "TOKENIZER",
            "COMPASS",
            "NIXPKGS_ALLOW_UNFREE",
            "app",
        ] {
            assert_eq!(id(good), "", "{good}");
        }
        for bad in ["", "1A", "A B", "A-B", "A=B", "$A", "é", "A\n"] {
            assert_eq!(id(bad), "names/build-arg", "{bad}");
        }
        for taken in [
            "PATH",
            "HOME",
            "http_proxy",
            "HTTPS_PROXY",
            "IFS",
            "TARGETARCH",
            "NIX_PATH",
            "BUILDKIT_INLINE_CACHE",
            "_",
        ] {
            assert_eq!(id(taken), "names/build-arg-taken", "{taken}");
        }
        for secret in [
            "TOKEN",
            "github_token",
            "API_KEY",
            "DB_PASSWORD",
            "SECRET_KEY_BASE",
            "MYTOKEN",
            "npm_secret",
        ] {
            assert_eq!(id(secret), "names/build-arg-secret", "{secret}");
        }
    }

    #[test]
    fn refusals() {
        for (name, text) in [
            ("build_arg", "1A"),
            ("build_arg_taken", "PATH"),
            ("build_arg_secret", "API_KEY"),
        ] {
            insta::assert_snapshot!(name, text.parse::<BuildArgName>().unwrap_err());
        }
        insta::assert_snapshot!(
            "build_arg_value",
            "a\nb".parse::<BuildArgValue>().unwrap_err()
        );
        let login = "postgres://me:hunter2@db/x".parse::<BuildArgValue>();
        insta::assert_snapshot!("build_arg_login", login.unwrap_err());
        let name = "postgres://me:hunter2@db/x".parse::<BuildArgName>();
        assert!(!name.unwrap_err().to_string().contains("hunter2"));
        let split = "postgres://me:hunter2\n@db/x".parse::<BuildArgValue>();
        assert!(!split.unwrap_err().to_string().contains("hunter2"));
        assert!("postgres://me@db/x".parse::<BuildArgValue>().is_ok());
        assert!("é \u{202e}\\ $X".parse::<BuildArgValue>().is_ok());
    }
}
