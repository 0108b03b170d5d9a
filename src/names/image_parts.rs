//! The parts of an image's name: host, path, tag, digest.

use super::ImageRef;

impl ImageRef {
    /// The name without tag and digest: `ghcr.io/me/nix`.
    pub fn repository(&self) -> &str {
        let name = self.as_str().split('@').next().unwrap_or_default();
        // A `:` before the last `/` is that of a port.
        match name.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => repository,
            _ => name,
        }
    }

    /// The tag, if it has one.
    pub fn tag(&self) -> Option<&str> {
        let name = self.as_str().split('@').next().unwrap_or_default();
        name.strip_prefix(self.repository())?.strip_prefix(':')
    }

    /// The digest, if it has one.
    pub fn digest(&self) -> Option<&str> {
        self.as_str().split_once('@').map(|(_, digest)| digest)
    }

    /// The same without its digest.
    #[must_use]
    pub fn undigested(&self) -> Self {
        ImageRef(
            self.as_str()
                .split('@')
                .next()
                .unwrap_or_default()
                .to_owned(),
        )
    }

    /// The registry's host with its port; none for Docker Hub, which needs not be named.
    pub fn host(&self) -> Option<&str> {
        let (first, _) = self.repository().split_once('/')?;
        // As Docker tells a host from the first part of a path.
        let is_host = first.contains(['.', ':']) || first == "localhost";
        is_host.then_some(first)
    }

    /// The parts of the repository's path, without the host.
    pub fn path(&self) -> impl Iterator<Item = &str> {
        let skip = usize::from(self.host().is_some());
        self.repository().split('/').skip(skip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts<'a> = (Option<&'a str>, Vec<&'a str>, Option<&'a str>, bool);

    fn parts(image: &ImageRef) -> Parts<'_> {
        let path = image.path().collect();
        (image.host(), path, image.tag(), image.digest().is_some())
    }

    #[test]
    fn are_told_apart_as_docker_does() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let full = format!("localhost:5000/a/b:1@{digest}");
        let rows: [(&str, Parts<'_>); 5] = [
            ("nix", (None, vec!["nix"], None, false)),
            (
                "nixos/nix:2.31.2",
                (None, vec!["nixos", "nix"], Some("2.31.2"), false),
            ),
            (
                "localhost:5000/a",
                (Some("localhost:5000"), vec!["a"], None, false),
            ),
            (
                "nixery.dev/shell/nix",
                (Some("nixery.dev"), vec!["shell", "nix"], None, false),
            ),
            (
                &full,
                (Some("localhost:5000"), vec!["a", "b"], Some("1"), true),
            ),
        ];
        for (text, expected) in rows {
            let image: ImageRef = text.parse().unwrap();
            assert_eq!(parts(&image), expected, "{text}");
        }
    }
}
