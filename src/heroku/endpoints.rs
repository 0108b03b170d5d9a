//! Where Heroku is: the API's address and the registry's name.
//!
//! Takes `--api-url`, `--registry` and `HEROKU_HOST` as text, gives checked addresses. Touches nothing.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use crate::error::{Error, Result};

/// Domains that belong to Heroku, as the Heroku CLI lists them.
const HEROKU_DOMAINS: [&str; 4] = [
    "heroku.com",
    "herokai.com",
    "herokuspace.com",
    "herokudev.com",
];

/// Hosts the Heroku CLI also accepts, by containment.
const LOCAL_HOSTS: [&str; 2] = ["localhost", "127.0.0.1"];

/// What says where Heroku is, as typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct HostSettings<'a> {
    /// `--api-url`.
    pub api_url: Option<&'a str>,
    /// `--registry`.
    pub registry: Option<&'a str>,
    /// `HEROKU_HOST`.
    pub heroku_host: Option<&'a str>,
}

/// Where Heroku is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The Platform API, such as `https://api.heroku.com/`.
    pub api: Url,
    /// The registry, such as `registry.heroku.com`.
    pub registry: RegistryHost,
    /// Whether the Heroku CLI, started from here, talks to the same API; only then is its token for it.
    pub cli_agrees: bool,
}

/// The registry: a name as it stands in front of an image, and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryHost {
    name: String,
    base: Url,
}

impl RegistryHost {
    /// `host[:port]`, as docker writes it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `https://host[:port]/`, or `http` on loopback.
    pub fn base(&self) -> &Url {
        &self.base
    }

    fn new(base: Url) -> Result<Self> {
        let host = base.host_str().unwrap_or_default();
        let name = match base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        // It becomes part of an image's name, where docker takes only these.
        let fits = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'));
        if fits {
            return Ok(RegistryHost { name, base });
        }
        Err(bad_address("--registry", base.as_str()))
    }
}

impl FromStr for RegistryHost {
    type Err = Error;

    /// `host[:port]`, any registry's.
    fn from_str(text: &str) -> Result<Self> {
        RegistryHost::new(given_registry(text)?)
    }
}

impl fmt::Display for RegistryHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Endpoints {
    /// The addresses, and a warning where `HEROKU_HOST` was not taken.
    ///
    /// Errors: `heroku/bad-address`, `heroku/plain-http`, `heroku/untrusted-host`.
    pub fn resolve(settings: HostSettings<'_>) -> Result<(Self, Option<String>)> {
        let (host, warning) = accepted(settings.heroku_host);
        // Kept as a result: what HEROKU_HOST implies may be wrong as long as nobody needs it.
        let implied_api = implied_api(host);
        let api = match settings.api_url {
            Some(text) => address("--api-url", text)?,
            None => trusted(implied_api.clone()?)?,
        };
        let registry = match settings.registry {
            Some(text) => given_registry(text)?,
            None => implied_registry(host)?,
        };
        let endpoints = Endpoints {
            cli_agrees: implied_api.is_ok_and(|implied| implied == api),
            api,
            registry: RegistryHost::new(registry)?,
        };
        Ok((endpoints, warning))
    }
}

/// `HEROKU_HOST` if the Heroku CLI would take it, otherwise its default and a warning.
fn accepted(host: Option<&str>) -> (&str, Option<String>) {
    const DEFAULT: &str = "heroku.com";
    let Some(host) = host.filter(|host| !host.is_empty()) else {
        return (DEFAULT, None);
    };
    let bare = host
        .strip_prefix("https://")
        .or_else(|| host.strip_prefix("http://"))
        .unwrap_or(host);
    if is_heroku(bare) || LOCAL_HOSTS.iter().any(|local| bare.contains(local)) {
        return (host, None);
    }
    let warning = format!(
        "HEROKU_HOST is `{}`, which is not one of Heroku's hosts; using {DEFAULT}",
        host.escape_debug()
    );
    (DEFAULT, Some(warning))
}

fn is_heroku(host: &str) -> bool {
    HEROKU_DOMAINS.iter().any(|domain| {
        host.strip_suffix(domain)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

fn full_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// The Heroku CLI takes any name that contains `localhost` but then sends no token to it. We would,
/// so a name such as `localhost.example.com` needs to be said by a flag.
fn trusted(api: Url) -> Result<Url> {
    if is_loopback(&api) || api.host_str().is_some_and(is_heroku) {
        return Ok(api);
    }
    Err(Error::user(
        "heroku/untrusted-host",
        format!("HEROKU_HOST names {api}, which is neither Heroku nor this machine"),
        format!("if your token may go there, say so: `--api-url {api}`"),
    ))
}

fn given_registry(text: &str) -> Result<Url> {
    if full_url(text) {
        return address("--registry", text);
    }
    let secure = address("--registry", &format!("https://{text}"))?;
    if is_loopback(&secure) {
        // As docker does: nobody has a certificate for 127.0.0.1.
        return address("--registry", &format!("http://{text}"));
    }
    Ok(secure)
}

/// `api.HOST`, or a full URL as it stands.
fn implied_api(host: &str) -> Result<Url> {
    if full_url(host) {
        return address("HEROKU_HOST", host);
    }
    address("HEROKU_HOST", &format!("https://api.{host}"))
}

/// `registry.HOST`, as the Heroku CLI makes it. From a full URL it makes nonsense
/// (`registry.http://…`); there the API's own host is taken, with `api.` turned into `registry.`.
fn implied_registry(host: &str) -> Result<Url> {
    if !full_url(host) {
        return address("HEROKU_HOST", &format!("https://registry.{host}"));
    }
    let mut url = address("HEROKU_HOST", host)?;
    let below = url.host_str().and_then(|name| name.strip_prefix("api."));
    if let Some(name) = below.map(|rest| format!("registry.{rest}")) {
        url.set_host(Some(&name))
            .map_err(|_| bad_address("HEROKU_HOST", host))?;
    }
    Ok(url)
}

/// An address with a host and no more, over https, or http on this machine.
fn address(from: &str, text: &str) -> Result<Url> {
    let url = Url::parse(text).map_err(|_| bad_address(from, text))?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && matches!(url.path(), "" | "/");
    match url.scheme() {
        _ if !plain || url.host().is_none() => Err(bad_address(from, text)),
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(Error::user(
            "heroku/plain-http",
            format!("{from} is {url}, which is not encrypted"),
            "use https; plain http is for loopback addresses only",
        )
        .because("your Heroku token would cross the network in the clear")),
        _ => Err(bad_address(from, text)),
    }
}

fn bad_address(from: &str, text: &str) -> Error {
    // What stands before an `@` may be a password.
    let text = text.rsplit('@').next().unwrap_or_default();
    Error::user(
        "heroku/bad-address",
        format!(
            "{from} is `{}`, which is not an address",
            text.escape_debug()
        ),
        "write `https://host[:port]`, or `host[:port]` for a registry, with no path and no password",
    )
}

/// Whether an address is this machine's own. `*.localhost` is loopback by RFC 6761.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `--api-url`, `--registry`, `HEROKU_HOST` → API, registry; or the error's id.
    fn row(api_url: &str, registry: &str, heroku_host: &str) -> String {
        let given = |text| Some(text).filter(|text: &&str| *text != "-");
        let settings = HostSettings {
            api_url: given(api_url),
            registry: given(registry),
            heroku_host: given(heroku_host),
        };
        let outcome = match Endpoints::resolve(settings) {
            Ok((found, warning)) => format!(
                "{} {} ({}){}{}",
                found.api,
                found.registry.name(),
                found.registry.base().scheme(),
                if found.cli_agrees {
                    ""
                } else {
                    ", not the CLI's"
                },
                if warning.is_some() { ", warned" } else { "" },
            ),
            Err(error) => format!("[{}]", error.id()),
        };
        format!("{api_url} {registry} {heroku_host} -> {outcome}")
    }

    #[test]
    fn the_table() {
        let rows = [
            ("-", "-", "-"),
            ("-", "-", ""),
            ("-", "-", "heroku.com"),
            ("-", "-", "staging.herokudev.com"),
            ("-", "-", "https://api.staging.herokudev.com"),
            ("-", "-", "evilheroku.com"),
            ("-", "-", "heroku.com.evil.example"),
            ("-", "-", "example.com"),
            ("-", "-", "https://example.com"),
            ("-", "-", "http://heroku.com"),
            ("-", "-", "localhost"),
            ("-", "-", "localhost:5000"),
            ("-", "-", "127.0.0.1:5000"),
            ("-", "-", "http://127.0.0.1:5000"),
            ("-", "-", "https://localhost:5000"),
            ("-", "-", "http://api.localhost:5000"),
            ("-", "-", "localhost.evil.example"),
            ("-", "-", "http://localhost.evil.example"),
            ("-", "-", "heroku.com/path/heroku.com"),
            ("https://api.example.com", "-", "-"),
            ("https://api.example.com/", "registry.example.com:5000", "-"),
            ("http://127.0.0.1:9", "127.0.0.1:10", "-"),
            ("http://[::1]:9", "https://[::1]:10", "-"),
            ("http://example.com", "-", "-"),
            ("ftp://example.com", "-", "-"),
            ("https://user:pw@example.com", "-", "-"),
            ("https://example.com/v3", "-", "-"),
            ("example.com", "-", "-"),
            ("-", "http://example.com", "-"),
            ("-", "http://localhost:5000", "-"),
            ("http://127.0.0.1:9", "127.0.0.1:10", "127.0.0.1:5000"),
            ("-", "a b", "-"),
            ("-", "registry.example.com/path", "-"),
        ];
        let table: Vec<_> = rows.iter().map(|(a, r, h)| row(a, r, h)).collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn refusals() {
        let texts = [("http://example.com", None), ("what is this", None)]
            .map(|(api_url, heroku_host)| HostSettings {
                api_url: Some(api_url),
                heroku_host,
                ..HostSettings::default()
            })
            .into_iter()
            .chain([HostSettings {
                heroku_host: Some("localhost.example.com"),
                ..HostSettings::default()
            }])
            .map(|settings| Endpoints::resolve(settings).unwrap_err().to_string())
            .collect::<Vec<_>>();
        insta::assert_snapshot!(texts.join("\n\n"));
    }

    proptest! {
        #[test]
        fn plain_http_never_leaves_this_machine(host in "(https?://)?[a-z0-9.:@/-]{0,30}") {
            let settings = HostSettings { heroku_host: Some(&host), ..HostSettings::default() };
            if let Ok((found, _)) = Endpoints::resolve(settings) {
                for url in [&found.api, found.registry.base()] {
                    prop_assert!(url.scheme() == "https" || is_loopback(url), "{url}");
                }
            }
        }
    }
}
