//! The recipe of an image with a project's nixpkgs in its store.

use askama::Template;

use crate::error::Result;
use crate::plan::NixpkgsImage;

use super::fill;

#[derive(Template)]
#[template(path = "../base-images/nixpkgs/Dockerfile.j2", escape = "none")]
struct Recipe<'a> {
    version: &'a str,
    image: &'a NixpkgsImage,
    /// Lines of nix.conf: none. A build on it adds its own.
    conf: &'a [String],
}

/// Renders the Dockerfile of a base image. It needs no context.
///
/// Errors: `render/template`, a defect.
pub fn base_recipe(image: &NixpkgsImage) -> Result<String> {
    fill(&Recipe {
        version: env!("CARGO_PKG_VERSION"),
        image,
        conf: &[],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_of_an_image_of_nixpkgs() {
        let revision = "8fd9daa3db09ced9700431c5b7ad0e8ba199b575";
        let url = format!("https://github.com/NixOS/nixpkgs/archive/{revision}.tar.gz");
        let hash = "sha256-Ti+ZBvW6yrWWAg2szExVTwCd4qOJ3KlVr1tFHfyfi8Q=";
        let mut image = NixpkgsImage {
            image: "nixdyno/nixpkgs:8fd9daa3db09".parse().unwrap(),
            from: "nixos/nix:2.31.2".parse().unwrap(),
            revision: revision.parse().unwrap(),
            url: url.parse().unwrap(),
            hash: Some(hash.parse().unwrap()),
        };
        let text = base_recipe(&image).unwrap();
        insta::assert_snapshot!(text);
        image.hash = None;
        let without = base_recipe(&image).unwrap();
        assert_eq!(without, text.replace(&format!(" {hash}"), ""));
    }
}
