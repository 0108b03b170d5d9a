//! Finds the token, in the order of the Heroku CLI: the environment, the CLI's own store, netrc.
//!
//! Takes what settings know, gives the token and where it came from. Never: prints it, asks for it,
//! judges who may read the file, or starts the Heroku CLI in a dry run.

use std::path::PathBuf;

use url::Url;

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::shell::{Cmd, Runner, Tool};

use super::endpoints::Endpoints;
use super::netrc;

/// A token for the API and the registry.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The token.
    pub token: Secret,
    /// Where it came from, such as `HEROKU_API_KEY`.
    pub source: String,
}

/// Where a token may be.
#[derive(Debug, Clone, Default)]
pub struct CredentialSettings {
    /// The value of `HEROKU_API_KEY`.
    pub api_key: Option<Secret>,
    /// The path of the netrc file, usually `~/.netrc`.
    pub netrc: Option<PathBuf>,
}

impl Credentials {
    /// Looks in all the places.
    ///
    /// Errors: `heroku/not-logged-in`, `heroku/bad-token`, and Ctrl-C.
    pub fn find(
        settings: &CredentialSettings,
        endpoints: &Endpoints,
        runner: &dyn Runner,
    ) -> Result<Self> {
        if let Some(key) = &settings.api_key
            && !key.reveal().is_empty()
        {
            return Self::checked(key.clone(), "HEROKU_API_KEY");
        }
        // Its token is for the API it talks to, which need not be ours.
        if endpoints.cli_agrees
            && !runner.is_dry()
            && let Some(token) = from_cli(runner)?
        {
            return Self::checked(token, "heroku auth:token");
        }
        if let Some((token, source)) = from_netrc(settings, &endpoints.api) {
            return Self::checked(token, &source);
        }
        Err(not_logged_in(&endpoints.api))
    }

    /// A token goes into a header, so it must be one word of visible characters.
    fn checked(token: Secret, source: &str) -> Result<Self> {
        let fits = token.reveal().chars().all(|c| c.is_ascii_graphic());
        if fits {
            let source = source.to_owned();
            return Ok(Credentials { token, source });
        }
        Err(Error::user(
            "heroku/bad-token",
            format!("the token from {source} has characters no token has"),
            "set it again: a token is one word of letters, digits and `-`",
        ))
    }
}

/// What `heroku auth:token` says. Neither a missing CLI nor one that isn't logged in is an error here.
fn from_cli(runner: &dyn Runner) -> Result<Option<Secret>> {
    let cmd = Cmd::reads(Tool::Heroku)
        .env("HEROKU_SKIP_NEW_VERSION_CHECK", "true")
        .arg("auth:token");
    let answer = match runner.capture(&cmd) {
        Ok(answer) => answer,
        Err(error) if error.kind() == Kind::Interrupted => return Err(error),
        Err(_) => return Ok(None),
    };
    let token = Secret::new(&answer.stdout);
    let found = answer.success() && !token.reveal().is_empty();
    Ok(found.then_some(token))
}

fn from_netrc(settings: &CredentialSettings, api: &Url) -> Option<(Secret, String)> {
    let path = settings.netrc.as_ref()?;
    // No file, or one that can't be read, is as good as one without us in it.
    let text = fs_err::read_to_string(path).ok()?;
    let token = netrc::password(&text, &machine(api))?;
    let source = format!("{}, machine {}", path.display(), machine(api));
    (!token.is_empty()).then(|| (Secret::new(token), source))
}

/// The API's host, with its port where it has one: so the Heroku CLI writes it.
fn machine(api: &Url) -> String {
    let host = api.host_str().unwrap_or_default();
    match api.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn not_logged_in(api: &Url) -> Error {
    Error::user(
        "heroku/not-logged-in",
        format!("no token for {api} was found"),
        "on your own machine: run `heroku login`",
    )
    .because("HEROKU_API_KEY, `heroku auth:token` and netrc were tried")
    .or("in CI: set HEROKU_API_KEY to a token from `heroku authorizations:create`")
    .or(format!(
        "without the Heroku CLI: put a line `machine {} login EMAIL password TOKEN` into ~/.netrc",
        machine(api)
    ))
}

#[cfg(test)]
mod tests {
    use super::super::endpoints::HostSettings;
    use super::*;
    use crate::shell::Recorded;
    use crate::shell::interrupt::TempFolder;

    fn endpoints(api_url: Option<&str>) -> Endpoints {
        let settings = HostSettings {
            api_url,
            ..HostSettings::default()
        };
        Endpoints::resolve(settings).unwrap().0
    }

    fn cli(status: i32, token: &str) -> Recorded {
        Recorded::new().answer(
            "HEROKU_SKIP_NEW_VERSION_CHECK=true heroku auth:token",
            status,
            token,
            " ›   Warning: token will expire",
        )
    }

    fn key(value: &str) -> CredentialSettings {
        CredentialSettings {
            api_key: Some(Secret::new(value)),
            netrc: None,
        }
    }

    #[test]
    fn the_environment_comes_first_then_the_cli_then_netrc() {
        let folder = TempFolder::new().unwrap();
        let path = folder.path().join("netrc");
        fs_err::write(&path, "machine api.heroku.com login me password from-netrc").unwrap();
        let netrc = CredentialSettings {
            api_key: None,
            netrc: Some(path),
        };
        let heroku = endpoints(None);

        let runner = cli(0, "from-cli\n");
        let found = Credentials::find(&key("from-key"), &heroku, &runner).unwrap();
        assert_eq!(found.token.reveal(), "from-key");
        assert!(runner.all().is_empty());

        let found = Credentials::find(&netrc, &heroku, &runner).unwrap();
        assert_eq!(found.token.reveal(), "from-cli");

        let found = Credentials::find(&netrc, &heroku, &cli(1, "")).unwrap();
        assert_eq!(found.token.reveal(), "from-netrc");
        assert!(found.source.ends_with("netrc, machine api.heroku.com"));
    }

    #[test]
    fn the_cli_is_not_asked_for_another_api() {
        let runner = cli(0, "from-cli");
        let elsewhere = endpoints(Some("http://127.0.0.1:5000"));
        let error = Credentials::find(&CredentialSettings::default(), &elsewhere, &runner);
        assert!(runner.all().is_empty());
        insta::assert_snapshot!(error.unwrap_err());
    }

    #[test]
    fn a_token_that_would_break_a_header_is_refused() {
        let error = Credentials::find(&key("a\r\nb"), &endpoints(None), &cli(0, "")).unwrap_err();
        insta::assert_snapshot!(error);
        // A blank variable is as good as none.
        let found = Credentials::find(&key(" "), &endpoints(None), &cli(0, "t")).unwrap();
        assert_eq!(found.source, "heroku auth:token");
    }
}
