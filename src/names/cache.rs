//! Binary caches: where one is, and the key that its paths are signed with.
//!
//! Both enter nix.conf, where white space parts words and `#` starts a comment, and a Dockerfile: so they are made of few
//! characters, and hold no password.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::error::{Error, Result};

use super::login::{has_login, without_login};

/// Where Cachix keeps the caches.
const CACHIX: &str = "cachix.org";

/// Characters of a URL that mean nothing to nix.conf and a Dockerfile.
const PLAIN: &str = "-._~:/?[]@!&+,;=%";

/// The address of a binary cache, as Nix takes it: `https://…`, `http://…`, `s3://BUCKET?…` or `file:///…`.
///
/// `cachix:NAME` is short for `https://NAME.cachix.org`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CacheUrl(String);
string_newtype!(CacheUrl);

impl CacheUrl {
    /// The name of the cache at Cachix, for one of theirs.
    pub fn cachix(&self) -> Option<&str> {
        let host = self.0.strip_prefix("https://")?.split('/').next()?;
        host.strip_suffix(CACHIX)?.strip_suffix('.')
    }

    /// Whether anybody between here and there can read what is sent.
    pub fn is_open(&self) -> bool {
        let url = Url::parse(&self.0).ok();
        let open = url.filter(|url| url.scheme() == "http");
        open.is_some_and(|url| match url.host() {
            Some(Host::Ipv4(address)) => !address.is_loopback(),
            Some(Host::Ipv6(address)) => !address.is_loopback(),
            Some(Host::Domain(name)) => name != "localhost",
            None => false,
        })
    }

    /// The same with one more parameter.
    pub fn with(&self, name: &str, value: &str) -> String {
        let mark = if self.0.contains('?') { '&' } else { '?' };
        format!("{self}{mark}{name}={value}")
    }
}

/// How an address is written that a build reads from.
const READ_FROM: &str = "write it as `https://cache.example.org`, `s3://bucket?region=eu-west-1`, `file:///folder` or `cachix:NAME`";

/// And one that takes what is sent.
const SEND_TO: &str = "write it as `s3://bucket?region=eu-west-1`, or as `https://cache.example.org` of a server that takes uploads";

impl FromStr for CacheUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::read(text).map_err(|refused| refused.told(text, READ_FROM))
    }
}

/// Why a text is no address of a cache.
enum Refused {
    Login,
    For(&'static str),
}

impl Refused {
    fn told(self, text: &str, todo: &str) -> Error {
        match self {
            Refused::Login => password(),
            Refused::For(why) => refuse(text, why, todo),
        }
    }
}

impl CacheUrl {
    /// An address to send to.
    ///
    /// Errors: `names/cache-url`, `names/cache-password`.
    pub fn to_send(text: &str) -> Result<Self> {
        let url = Self::read(text).map_err(|refused| refused.told(text, SEND_TO))?;
        if url.0.starts_with("file:") {
            let why = "a folder of the build goes with the build, and nothing would be sent";
            return Err(refuse(text, why, SEND_TO));
        }
        Ok(url)
    }

    fn read(text: &str) -> std::result::Result<Self, Refused> {
        // Before anything else is said of it: whoever sees that would see the password, too.
        if has_login(text) {
            return Err(Refused::Login);
        }
        let no = |why| Err(Refused::For(why));
        if let Some(name) = text.strip_prefix("cachix:") {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            return if !name.is_empty() && name.len() <= 63 && name.chars().all(plain) {
                Ok(CacheUrl(format!("https://{name}.{CACHIX}")))
            } else {
                no("that is not the name of a cache at Cachix")
            };
        }
        if !text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || PLAIN.contains(c))
        {
            return no("it has a character that doesn't belong into one");
        }
        let Ok(url) = Url::parse(text) else {
            return no("it is no URL");
        };
        let named = !url.username().is_empty();
        if url.password().is_some() || named && !url.scheme().starts_with("ssh") {
            return Err(Refused::Login);
        }
        // A browser's rules mend `https:x` and `https:///x`, and Nix's don't.
        let rest = text
            .strip_prefix(url.scheme())
            .and_then(|it| it.strip_prefix("://"));
        let host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        match url.scheme() {
            "https" | "http" | "s3" if host => Ok(CacheUrl(text.to_owned())),
            "https" | "http" | "s3" => no("it names no host or bucket behind `//`"),
            "file" if !host && rest.is_some_and(|rest| rest.len() > 1) => {
                Ok(CacheUrl(text.to_owned()))
            }
            "file" => no("a folder is written with three slashes, `file:///folder`"),
            "ssh" | "ssh-ng" => no(
                "a build in Docker has no key for it: serve that store over HTTP, or copy it to S3",
            ),
            _ => no("it is no cache that a build in Docker could reach"),
        }
    }
}

/// Shows at most what stands behind a login.
fn refuse(text: &str, why: &str, todo: &str) -> Error {
    let mut shown = without_login(text);
    // Also where something is missing that would make it a URL.
    if let Some((_, host)) = shown.rsplit_once('@') {
        let scheme = text
            .split(':')
            .next()
            .filter(|it| text.contains("://") && !it.contains('@'));
        shown = format!(
            "{}…@{host}",
            scheme.map(|it| format!("{it}://")).unwrap_or_default()
        );
    }
    Error::user(
        "names/cache-url",
        format!(
            "`{}` can't be used as a binary cache: {why}",
            shown.escape_debug()
        ),
        todo,
    )
}

/// Doesn't show the address: it holds a password.
fn password() -> Error {
    Error::user(
        "names/cache-password",
        "the address of a binary cache holds a user name, a password or a token",
        "write the address without it, and hand it over apart: `--secret netrc=FILE`",
    )
    .because("the address stands in the Dockerfile and in the history of its layers")
}

/// The public half of a key that signs paths, as Nix writes it: `NAME:` and 32 bytes in base64.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(String);
string_newtype!(PublicKey);

impl PublicKey {
    /// What stands before the `:`; by custom the host of the cache and a number.
    pub fn name(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._+@".contains(c);
        let (name, key) = text.split_once(':').unwrap_or_default();
        let bytes = STANDARD.decode(key).unwrap_or_default();
        if bytes.len() == 64 {
            return Err(secret_key());
        }
        if bytes.len() == 32 && !name.is_empty() && name.chars().all(plain) {
            return Ok(PublicKey(text.to_owned()));
        }
        // What stands behind the `:` may be half of a secret key.
        let shown = match text.split_once(':') {
            Some((name, _)) => format!("{}:…", name.escape_debug()),
            None if STANDARD.decode(text).is_ok_and(|bytes| bytes.len() >= 32) => "…".to_owned(),
            None => text.escape_debug().to_string(),
        };
        Err(Error::user(
            "names/public-key",
            format!("`{shown}` is not the public key of a binary cache"),
            "write it as the cache shows it: `cache.example.org-1:` and 44 characters, the last of them `=`",
        ))
    }
}

/// Doesn't show the key.
fn secret_key() -> Error {
    Error::user(
        "names/secret-key",
        "a secret key was given where the public one belongs",
        "give its public half: `nix key convert-secret-to-public < FILE`",
    )
    .because("it would stand in the Dockerfile; whoever has it can sign for that cache")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url(text: &str) -> Result<CacheUrl> {
        text.parse()
    }

    fn key(name: &str, bytes: usize) -> String {
        format!("{name}:{}", STANDARD.encode(vec![7; bytes]))
    }

    #[test]
    fn caches_are_of_few_kinds() {
        for good in [
            "https://cache.example.org",
            "https://cache.example.org:8443/a/b?priority=10",
            "http://127.0.0.1:5000",
            "s3://bucket?region=eu-west-1&endpoint=minio.example:9000&scheme=http&profile=me",
            "s3://bucket?endpoint=https://minio.example",
            "file:///srv/cache?trusted=1",
        ] {
            assert_eq!(url(good).unwrap().as_str(), good);
        }
        assert_eq!(
            url("cachix:me-2").unwrap().as_str(),
            "https://me-2.cachix.org"
        );
        for bad in [
            "",
            "https://",
            "https:///x",
            "s3://",
            "s3:bucket",
            "file://host/x",
            "file:///",
            "file:x",
            "/srv/cache",
            "daemon",
            "auto",
            "local?root=/x",
            "cachix:",
            "cachix:a/b",
            "cachix:A",
            "https://a b",
            "https://a#b",
            "https://a'b",
            "https://a\nb",
            "https://a$b",
            "https://a\\b",
            "https://é",
            "ssh://host",
            "ssh-ng://host",
        ] {
            assert_eq!(url(bad).unwrap_err().id(), "names/cache-url", "{bad}");
        }
    }

    #[test]
    fn refusals() {
        let user = url("https://me:hunter2@cache.example.org").unwrap_err();
        assert_eq!(url("https://token@host").unwrap_err().id(), user.id());
        assert!(!user.to_string().contains("hunter2"));
        for (text, id) in [
            (
                "s3://b?endpoint=https://me:hunter2@minio.example",
                user.id(),
            ),
            ("https://a.example?token=hunter2", user.id()),
            ("s3://b?secret=hunter2", user.id()),
            ("https://me:hunter2$@host", user.id()),
            ("https://me:hunter2@host:99999", user.id()),
            ("ssh://me:hunter2@host", user.id()),
            ("https:me:hunter2@host", user.id()),
            ("me:hunter2@host", "names/cache-url"),
            ("https://me:hunter2", "names/cache-url"),
        ] {
            let error = url(text).unwrap_err();
            assert_eq!(error.id(), id, "{text}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        assert!(url("s3://b?secret-key=/run/secrets/k").is_ok());
        let cut = format!("k-1:{}", "hunter2".repeat(9)).parse::<PublicKey>();
        assert!(!cut.unwrap_err().to_string().contains("hunter2"));
        let ssh = url("ssh://me@host").unwrap_err();
        let refused = |text: &str| text.parse::<PublicKey>().unwrap_err();
        let secret = refused(&key("me-1", 64));
        let shown = [ssh, user, refused("me-1"), secret].map(|it| it.to_string());
        insta::assert_snapshot!("cache_refusals", shown.join("\n\n"));
    }

    #[test]
    fn not_every_cache_can_be_sent_to() {
        for text in ["s3://b?region=x", "https://a.example", "cachix:me"] {
            assert!(CacheUrl::to_send(text).is_ok(), "{text}");
        }
        let refused = ["file:///tmp/x", "/srv/cache", "cachix:"];
        let told = refused.map(|text| CacheUrl::to_send(text).unwrap_err().to_string());
        insta::assert_snapshot!("cache_to_send_to", told.join("\n\n"));
    }

    #[test]
    fn some_are_open_to_all() {
        for (text, open) in [
            ("http://cache.example.org", true),
            ("http://10.0.0.1:80", true),
            ("http://localhost:80", false),
            ("http://127.0.0.1", false),
            ("http://[::1]:80", false),
            ("https://cache.example.org", false),
            ("s3://bucket", false),
        ] {
            assert_eq!(url(text).unwrap().is_open(), open, "{text}");
        }
        assert_eq!(url("cachix:me").unwrap().cachix(), Some("me"));
        assert_eq!(url("https://cachix.org").unwrap().cachix(), None);
        assert_eq!(url("s3://b?a=1").unwrap().with("c", "2"), "s3://b?a=1&c=2");
        assert_eq!(url("s3://b").unwrap().with("c", "2"), "s3://b?c=2");
    }

    #[test]
    fn keys_have_a_name_and_32_bytes() {
        let good: PublicKey = key("me.cachix.org-1", 32).parse().unwrap();
        assert_eq!(good.name(), "me.cachix.org-1");
        for bad in [
            key("", 32),
            key("a b", 32),
            key("a'", 32),
            key("a", 31),
            "a".into(),
            format!("{good} b"),
        ] {
            assert_eq!(
                bad.parse::<PublicKey>().unwrap_err().id(),
                "names/public-key",
                "{bad}"
            );
        }
    }

    proptest! {
        /// What is taken is one word of nix.conf and of a shell, whatever was typed.
        #[test]
        fn no_text_breaks_out(
            text in prop_oneof!["\\PC{0,40}", "(https|http|s3|file|ssh|cachix)(:|://|:///)[a-z0-9 #'\"$\\\\\n@:/?&=%é-]{0,20}"],
        ) {
            if let Ok(url) = url(&text) {
                prop_assert!(!url.as_str().contains(|c: char| c.is_whitespace() || "#'\"$\\`<>".contains(c)));
                prop_assert_eq!(self::url(url.as_str()).unwrap(), url);
            }
            let _ = text.parse::<PublicKey>();
        }

        #[test]
        fn every_key_of_32_bytes_is_one(bytes in prop::array::uniform32(0u8..), name in "[a-z.-]{1,9}") {
            let text = format!("{name}:{}", STANDARD.encode(bytes));
            let key: PublicKey = text.parse().unwrap();
            prop_assert_eq!(key.name(), name);
        }
    }
}
