//! The command line.
//!
//! Takes the arguments, gives [`Options`] or what is wrong with them. Never reads the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

/// How to call the program.
pub const USAGE: &str = "usage: loopback-heroku --api ADDR --registry ADDR --upstream http://ADDR --control ADDR \
    --state DIR --hosts FILE --token TOKEN [--boot-limit SECONDS] [--shell-user random|UID]";

/// A complete command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the Platform API, the router and the streams listen.
    pub api: SocketAddr,
    /// Where the registry front listens.
    pub registry: SocketAddr,
    /// Where the real registry listens.
    pub upstream: SocketAddr,
    /// Where tests give orders.
    pub control: SocketAddr,
    /// A directory of our own: `ca.pem` and docker's login.
    pub state: PathBuf,
    /// The hosts file to which apps are added.
    pub hosts: PathBuf,
    /// The only valid token.
    pub token: String,
    /// Seconds in which a web dyno must listen.
    pub boot_limit: u64,
    /// The user that dynos run as; a random one when `None`.
    pub user: Option<u32>,
}

impl Options {
    /// Reads the arguments after the program's name.
    pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let given = pairs(args)?;
        let optional = |name: &str| {
            given
                .iter()
                .rev()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let required = |name: &str| optional(name).ok_or(format!("{name} is missing"));
        let address = |name: &str| required(name).and_then(|text| number(name, &text));
        let upstream = required("--upstream")?;
        let upstream = upstream.trim_start_matches("http://").trim_end_matches('/');
        Ok(Self {
            api: address("--api")?,
            registry: address("--registry")?,
            upstream: number("--upstream", upstream)?,
            control: address("--control")?,
            state: required("--state")?.into(),
            hosts: required("--hosts")?.into(),
            token: required("--token")?,
            boot_limit: optional("--boot-limit")
                .map_or(Ok(60), |text| number("--boot-limit", &text))?,
            user: optional("--shell-user")
                .filter(|text| text != "random")
                .map(|text| number("--shell-user", &text))
                .transpose()?,
        })
    }
}

const NAMES: [&str; 9] = [
    "--api",
    "--registry",
    "--upstream",
    "--control",
    "--state",
    "--hosts",
    "--token",
    "--boot-limit",
    "--shell-user",
];

fn pairs(args: impl IntoIterator<Item = String>) -> Result<Vec<(String, String)>, String> {
    let mut args = args.into_iter();
    let mut pairs = Vec::new();
    while let Some(name) = args.next() {
        if !NAMES.contains(&name.as_str()) {
            return Err(format!("{name} is not an option"));
        }
        let value = args.next().ok_or(format!("{name} needs a value"))?;
        pairs.push((name, value));
    }
    Ok(pairs)
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{name} doesn't take {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "--api 127.0.0.1:443 --registry 127.0.0.2:443 --upstream http://127.0.0.1:5000 \
        --control 127.0.0.1:8900 --state /s --hosts /h --token t";

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn defaults_and_choices() {
        let options = parse(GOOD).unwrap();
        assert_eq!(
            (options.boot_limit, options.user, options.upstream.port()),
            (60, None, 5000)
        );
        let options = parse(&format!("{GOOD} --boot-limit 5 --shell-user 12345")).unwrap();
        assert_eq!((options.boot_limit, options.user), (5, Some(12345)));
        assert_eq!(
            parse(&format!("{GOOD} --shell-user random")).unwrap().user,
            None
        );
    }

    #[test]
    fn mistakes_are_named() {
        for bad in [
            "",
            "--api",
            "--api x",
            "--nonsense 1",
            &format!("{GOOD} --shell-user me"),
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
