//! The stages that tell what is in an image, added to a Dockerfile when somebody asks.

use askama::Template;

use crate::error::Result;

use super::fill;

/// The stage that `nixdyno contents` builds. No process type has a dot in its name, so none has this one.
pub const CONTENTS_STAGE: &str = "nixdyno.contents";

#[derive(Template)]
#[template(path = "contents.j2", escape = "none")]
struct Stages<'a> {
    listing: &'a str,
    stage: &'a str,
}

/// What is added to the end of a Dockerfile of ours. A build of another stage is the same with it and without.
///
/// Errors: `render/template`, a defect.
pub fn contents_stages() -> Result<String> {
    fill(&Stages {
        listing: "nixdyno.listing",
        stage: CONTENTS_STAGE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stages() {
        insta::assert_snapshot!(contents_stages().unwrap());
    }
}
