//! Where an upload goes on, and how much of it is there: what registries say in `Location` and `Range`. Pure.

use url::Url;

use crate::heroku::endpoints::is_loopback;
use crate::names::Digest;

/// The longest address that is followed.
const LONGEST: usize = 16 * 1024;

/// An address that a registry named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// With all that its query says.
    pub(super) url: Url,
    /// Whether it is the registry itself; elsewhere nothing is told of us.
    pub(super) ours: bool,
}

impl Place {
    /// What `location` means in an answer from `asked`; nothing where it leads out of encryption, or nowhere.
    pub(super) fn resolve(asked: &Url, location: &str, registry: &Url) -> Option<Self> {
        if location.trim().is_empty() || location.len() > LONGEST {
            return None;
        }
        let mut url = asked.join(location.trim()).ok()?;
        // A registry behind something that ends TLS often doesn't know that it is asked by `https`.
        if url.scheme() == "http"
            && registry.scheme() == "https"
            && url.host() == registry.host()
            && (url.port().is_none() || url.port() == registry.port())
        {
            url.set_scheme("https").ok()?;
            url.set_port(registry.port()).ok()?;
        }
        url.set_fragment(None);
        let plain = url.username().is_empty() && url.password().is_none();
        let safe = match url.scheme() {
            "https" => true,
            // What starts encrypted stays so.
            "http" => is_loopback(&url) && asked.scheme() == "http",
            _ => false,
        };
        let ours = url.origin() == registry.origin();
        (plain && safe).then_some(Place { url, ours })
    }

    /// The address that gives the upload its digest.
    pub(super) fn with_digest(&self, digest: &Digest) -> Self {
        let mut place = self.clone();
        place
            .url
            .query_pairs_mut()
            .append_pair("digest", digest.as_str());
        place
    }
}

/// How many bytes a `Range: 0-N` stands for; nothing where it can't be known.
///
/// Docker's registry says `0-0` of nothing as well as of one byte.
pub(super) fn held(range: Option<&str>) -> Option<u64> {
    let range = range?.trim();
    let range = range.strip_prefix("bytes=").unwrap_or(range);
    let (start, end) = range.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if start != "0" || !digits(end) {
        return None;
    }
    let end: u64 = end.parse().ok()?;
    if end == 0 { None } else { end.checked_add(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(location: &str) -> String {
        let registry = Url::parse("https://registry.example.com/").unwrap();
        let asked = registry.join("v2/a/b/blobs/uploads/").unwrap();
        match Place::resolve(&asked, location, &registry) {
            Some(place) => format!("{} {}", place.ours, place.url),
            None => "nowhere".to_owned(),
        }
    }

    #[test]
    fn locations() {
        let rows = [
            "https://registry.example.com/v2/a/b/blobs/uploads/1?_state=x%3D%3D&y",
            "/v2/a/b/blobs/uploads/1?_state=x",
            "1",
            "https://store.example.com/put?signature=x",
            "https://registry.example.com:444/v2/",
            "http://registry.example.com/v2/a?_state=x",
            "http://registry.example.com:5000/v2/a",
            "http://store.example.com/put",
            "http://127.0.0.1:5000/v2/",
            "https://user:word@registry.example.com/",
            "ftp://registry.example.com/",
            "https://",
            "",
        ];
        let rows = rows.map(|row| format!("{row}\n  {}", shown(row)));
        insta::assert_snapshot!(rows.join("\n"));
    }

    #[test]
    fn a_digest_is_added_to_the_query_that_is_there() {
        let digest: Digest = format!("sha256:{}", "a".repeat(64)).parse().unwrap();
        for (query, expected) in [
            ("", "?digest="),
            ("?_state=a%2Fb%3D%3D&c", "?_state=a%2Fb%3D%3D&c&digest="),
        ] {
            let url = Url::parse(&format!("https://example.com/u{query}")).unwrap();
            let place = Place { url, ours: true }.with_digest(&digest);
            let text = format!("https://example.com/u{expected}sha256%3A{}", "a".repeat(64));
            assert_eq!(place.url.as_str(), text);
        }
    }

    #[test]
    fn ranges() {
        let rows = [
            ("0-99", Some(100)),
            ("bytes=0-99", Some(100)),
            (" 0-1 ", Some(2)),
            ("0-0", None),
            ("0--1", None),
            ("0-+5", None),
            ("1-5", None),
            ("0-18446744073709551615", None),
            ("0-99999999999999999999", None),
            ("-", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(held(Some(text)), expected, "{text}");
        }
        assert_eq!(held(None), None);
    }

    proptest! {
        #[test]
        fn a_range_is_read_back(end in 1..u64::MAX) {
            prop_assert_eq!(held(Some(&format!("0-{end}"))), Some(end + 1));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            held(Some(&text));
            shown(&text);
        }

        #[test]
        fn no_login_leaves_the_registry(text in "(https?:)?//[a-z0-9@:./?]{1,30}") {
            let registry = Url::parse("https://registry.example.com/").unwrap();
            if let Some(place) = Place::resolve(&registry, &text, &registry) {
                prop_assert_eq!(place.url.scheme(), "https");
                prop_assert!(!place.ours || place.url.origin() == registry.origin());
            }
        }
    }
}
