//! Changes one value of nixdyno.toml and keeps the rest of it, comments too.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Value};

use crate::error::{Error, Result};
use crate::files;
use crate::names::ImageRef;

use super::config::MOST_BYTES;

/// Sets `base`, in a new file where there is none; tells whether that changed anything.
///
/// Errors: `settings/write`.
pub fn set_base(path: &Path, image: &ImageRef) -> Result<bool> {
    let text = match files::read_text(path, MOST_BYTES) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text.map_err(|error| refuse(path, image, &error.to_string()))?,
    };
    let new = with_base(&text, image).map_err(|error| refuse(path, image, &error))?;
    if new == text {
        return Ok(false);
    }
    files::replace(path, &new).map_err(|error| refuse(path, image, &error.to_string()))?;
    Ok(true)
}

fn with_base(text: &str, image: &ImageRef) -> Result<String, String> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    let mut value = Value::from(image.as_str());
    match document.get_mut("base").and_then(Item::as_value_mut) {
        Some(old) => {
            // The spaces and the comment around it.
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            document.insert("base", Item::Value(value));
        }
    }
    Ok(document.to_string())
}

fn refuse(path: &Path, image: &ImageRef, why: &str) -> Error {
    Error::user(
        "settings/write",
        format!("{} can't be changed: {why}", path.display()),
        format!("write it into the file yourself: `base = \"{image}\"`"),
    )
    .at_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn image() -> ImageRef {
        "nixos/nix:2".parse().unwrap()
    }

    #[test]
    fn the_rest_of_the_file_stays() {
        for (before, after) in [
            ("", "base = \"nixos/nix:2\"\n"),
            (
                "# ours\napp = 'x'   # the app\n",
                "# ours\napp = 'x'   # the app\nbase = \"nixos/nix:2\"\n",
            ),
            (
                "# how\nbase   = 'nixos/nix:1' # why\n\napp = \"x\"\n",
                "# how\nbase   = \"nixos/nix:2\" # why\n\napp = \"x\"\n",
            ),
        ] {
            let new = with_base(before, &image()).unwrap();
            assert_eq!(new, after);
            assert_eq!(with_base(&new, &image()).unwrap(), new);
        }
    }

    #[test]
    fn a_file_is_made_and_changed_only_where_it_must() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nixdyno.toml");
        assert!(set_base(&path, &image()).unwrap());
        assert!(!set_base(&path, &image()).unwrap());
        fs_err::write(&path, "base = [").unwrap();
        let error = set_base(&path, &image()).unwrap_err();
        insta::with_settings!({filters => vec![(r"/\S+/nixdyno.toml", "nixdyno.toml")]}, {
            insta::assert_snapshot!(error);
        });
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(base|=|\"|'|\\[|\\]|\\.|#|\n| |a){0,20}") {
            if let Ok(new) = with_base(&text, &image()) {
                prop_assert!(new.contains("nixos/nix:2"));
            }
        }
    }
}
