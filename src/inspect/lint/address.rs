//! Addresses of Nix code: which repository and branch a URL leads to, and whether it can change.
//!
//! Takes a URL; gives its parts. Knows the hosts that keep archives of repositories under one form.

/// Where a URL leads: a repository and a branch of it.
pub(super) struct Place<'a> {
    host: &'a str,
    owner: &'a str,
    pub(super) repository: &'a str,
    pub(super) branch: &'a str,
}

impl<'a> Place<'a> {
    pub(super) fn of(url: &'a str) -> Option<Self> {
        let nixpkgs = |channel| Place {
            host: "github.com",
            owner: "NixOS",
            repository: "nixpkgs",
            branch: bare(channel),
        };
        if let Some(channel) = url.strip_prefix("channel:") {
            return Some(nixpkgs(channel));
        }
        let rest = url.split_once("://")?.1;
        let rest = rest.split(['?', '#']).next()?;
        let mut words = rest.split('/').filter(|word| !word.is_empty());
        let host = words.next()?;
        // A channel is a branch of nixpkgs.
        let channel = match host {
            "channels.nixos.org" => words.clone().next(),
            "nixos.org" | "www.nixos.org" if words.clone().next() == Some("channels") => {
                words.clone().nth(1)
            }
            _ => None,
        };
        if let Some(channel) = channel {
            return Some(nixpkgs(channel));
        }
        if !["github.com", "gitlab.com", "codeberg.org"].contains(&host) {
            return None;
        }
        let (owner, repository) = (words.next()?, words.next()?);
        let mut rest = words
            .skip_while(|word| ["-", "archive", "tarball", "refs", "heads", "tags"].contains(word));
        Some(Place {
            host,
            owner,
            repository: repository.strip_suffix(".git").unwrap_or(repository),
            branch: rest.next().map_or("HEAD", bare),
        })
    }

    pub(super) fn address(&self) -> String {
        format!("https://{}/{}/{}", self.host, self.owner, self.repository)
    }
}

/// A file's name without what says how it is packed.
fn bare(name: &str) -> &str {
    let name = name.strip_suffix(".zip").unwrap_or(name);
    name.rsplit_once(".tar.").map_or(name, |(name, _)| name)
}

/// Whether it is a full git revision.
pub(super) fn is_revision(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The first full git revision in a text.
pub(super) fn revision_in(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .into_iter()
        .find(|it| is_revision(it))
        .map(str::to_owned)
}

/// Whether it leads to a release of a channel, which never changes.
pub(super) fn is_release(url: &str) -> bool {
    url.contains("://releases.nixos.org/")
}
