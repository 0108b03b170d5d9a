//! Store paths in an answer: whole, or as base names.

use std::path::Path;

/// The letters of the hash in a store path: no `e`, `o`, `t`, `u`.
const HASH: &str = "0123456789abcdfghijklmnpqrsvwxyz";

/// A store path from a whole path, or from a base name in the store folder `store`.
///
/// `None` when it is neither: what a caller passes on to `tar` or `rm` must be what it seems.
pub(super) fn store_path(store: &str, text: &str) -> Option<String> {
    let (folder, base) = text.rsplit_once('/').unwrap_or((store, text));
    let plain = folder.starts_with('/')
        && !Path::new(folder)
            .components()
            .any(|it| matches!(it, std::path::Component::ParentDir));
    (plain && is_base_name(base)).then(|| format!("{folder}/{base}"))
}

/// `HASH-NAME`, as Nix checks it.
fn is_base_name(base: &str) -> bool {
    let Some((hash, name)) = base.split_once('-') else {
        return false;
    };
    hash.len() == 32
        && hash.chars().all(|c| HASH.contains(c))
        && (1..=211).contains(&name.len())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-._?=".contains(c))
}

#[cfg(test)]
mod tests {
    use super::store_path;

    #[test]
    fn only_store_paths_pass() {
        let base = "nj0w6hz4783ndhplb9idvc7ibjc5gcj8-hello-1.0";
        let whole = format!("/nix/store/{base}");
        assert_eq!(store_path("/nix/store", base).as_ref(), Some(&whole));
        assert_eq!(store_path("/other", &whole), Some(whole));
        for wrong in [
            "",
            "/",
            "hello",
            "/nix/store/hello",
            "/nix/../nj0w6hz4783ndhplb9idvc7ibjc5gcj8-hello",
            "store/nj0w6hz4783ndhplb9idvc7ibjc5gcj8-hello",
            "/nix/store/ej0w6hz4783ndhplb9idvc7ibjc5gcj8-hello",
            "/nix/store/nj0w6hz4783ndhplb9idvc7ibjc5gcj8-",
            "/nix/store/nj0w6hz4783ndhplb9idvc7ibjc5gcj8-a b",
            "/nix/store/nj0w6hz4783ndhplb9idvc7ibjc5gcj8-a\n",
        ] {
            assert_eq!(store_path("/nix/store", wrong), None, "{wrong:?}");
        }
    }
}
