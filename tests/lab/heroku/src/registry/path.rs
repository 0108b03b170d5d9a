//! Paths of the registry's protocol.
//!
//! Takes a path, gives the app and type that it names. Never looks up whether they exist.

use crate::rules::names;

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// `/v2/`, by which clients log in.
    Root,
    /// Something in `APP/TYPE`.
    Repository {
        /// The app's name.
        app: &'a str,
        /// The process type.
        kind: &'a str,
        /// The tag or digest, when the path is that of a manifest.
        reference: Option<&'a str>,
    },
}

/// Why a path names nothing of ours.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its repository can't be `APP/TYPE`.
    Malformed,
    /// It is no path of a repository.
    Unknown,
}

/// Reads a path.
pub fn parse(path: &str) -> Result<Target<'_>, Refused> {
    let rest = path
        .strip_prefix("/v2")
        .ok_or(Refused::Unknown)?
        .trim_start_matches('/');
    if rest.is_empty() {
        return Ok(Target::Root);
    }
    let (repository, reference) = repository(rest).ok_or(Refused::Unknown)?;
    let (app, kind) = repository.split_once('/').ok_or(Refused::Malformed)?;
    if !names::is_app_name(app) || !names::is_process_type(kind) {
        return Err(Refused::Malformed);
    }
    Ok(Target::Repository {
        app,
        kind,
        reference,
    })
}

/// The repository is all before the last of the protocol's own words.
fn repository(rest: &str) -> Option<(&str, Option<&str>)> {
    if let Some((repository, reference)) = rest.rsplit_once("/manifests/") {
        return Some((repository, Some(reference)));
    }
    let found = rest
        .rsplit_once("/blobs/")
        .or_else(|| rest.rsplit_once("/tags/"));
    found.map(|(repository, _)| (repository, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named<'a>(app: &'a str, kind: &'a str, reference: Option<&'a str>) -> Target<'a> {
        Target::Repository {
            app,
            kind,
            reference,
        }
    }

    #[test]
    fn repositories_are_an_app_and_a_type() {
        assert_eq!(parse("/v2/"), Ok(Target::Root));
        assert_eq!(
            parse("/v2/my-app/web/manifests/latest"),
            Ok(named("my-app", "web", Some("latest")))
        );
        assert_eq!(
            parse("/v2/my-app/web/blobs/uploads/"),
            Ok(named("my-app", "web", None))
        );
        assert_eq!(
            parse("/v2/my-app/web/tags/list"),
            Ok(named("my-app", "web", None))
        );
    }

    #[test]
    fn others_are_malformed_or_unknown() {
        for bad in [
            "/v2/my_app/web/blobs/x",
            "/v2/web/blobs/x",
            "/v2/my-app.herokuapp.com/web/blobs/x",
            "/v2/a/b/c/blobs/x",
            "/v2/app/a/b/manifests/x",
        ] {
            assert_eq!(parse(bad), Err(Refused::Malformed), "{bad}");
        }
        assert_eq!(parse("/v2/_catalog"), Err(Refused::Unknown));
        assert_eq!(parse("/v1/x"), Err(Refused::Unknown));
    }
}
