//! Reads what `nix-store --dump-db PATH…` prints, the same in Nix 2.0 to 2.31 and in Lix.
//!
//! For each path: the path, the hash of its archive, the archive's size, its deriver or nothing, the number of its
//! references, and these, each on a line. Takes text from anywhere; gives paths or the line that is wrong.

use super::StorePath;

/// One path as Nix has it in its database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The path.
    pub path: StorePath,
    /// Bytes of its archive, which are those of its files and a little more.
    pub bytes: u64,
    /// What it refers to, itself too if it does.
    pub references: Vec<StorePath>,
}

/// A registration that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct Malformed {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: &'static str,
}

/// Reads a whole registration.
///
/// Errors: the first line that is not as Nix writes it.
pub fn registration(text: &str) -> Result<Vec<Registered>, Malformed> {
    let mut lines = Lines {
        rest: text.lines(),
        line: 0,
    };
    let mut found = Vec::new();
    while let Some(path) = lines.more() {
        let path = lines.path(path)?;
        let hash = lines.next()?;
        if hash.is_empty() || hash.contains(char::is_whitespace) {
            return Err(lines.wrong("not a hash"));
        }
        let bytes = lines.number()?;
        // The deriver: nobody asks for it, and a path from a cache may have another.
        lines.next()?;
        let count = lines.number()?;
        let mut references = Vec::new();
        for _ in 0..count {
            let reference = lines.next()?;
            references.push(lines.path(reference)?);
        }
        found.push(Registered {
            path,
            bytes,
            references,
        });
    }
    Ok(found)
}

struct Lines<'a> {
    rest: std::str::Lines<'a>,
    line: usize,
}

impl<'a> Lines<'a> {
    fn more(&mut self) -> Option<&'a str> {
        self.line += 1;
        self.rest.next()
    }

    fn next(&mut self) -> Result<&'a str, Malformed> {
        self.more().ok_or_else(|| self.wrong("it ends too early"))
    }

    fn path(&self, line: &str) -> Result<StorePath, Malformed> {
        StorePath::parse(line).ok_or_else(|| self.wrong("not a store path"))
    }

    fn number(&mut self) -> Result<u64, Malformed> {
        let line = self.next()?;
        line.parse().map_err(|_| self.wrong("not a number"))
    }

    fn wrong(&self, why: &'static str) -> Malformed {
        Malformed {
            line: self.line,
            why,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "/nix/store/w0hzsvz0ij0i41idxb46lzzczr4fmzsn-hello-2.12\nabc\n1200\n\
        /nix/store/10hzsvz0ij0i41idxb46lzzczr4fmzsn-hello.drv\n2\n\
        /nix/store/20hzsvz0ij0i41idxb46lzzczr4fmzsn-glibc-2.40\n\
        /nix/store/w0hzsvz0ij0i41idxb46lzzczr4fmzsn-hello-2.12\n\
        /nix/store/20hzsvz0ij0i41idxb46lzzczr4fmzsn-glibc-2.40\nabc\n30\n\n0\n";

    /// As Nix writes it.
    fn written(paths: &[Registered]) -> String {
        let one = |it: &Registered| {
            let references = it.references.iter().map(|it| it.to_string() + "\n");
            let references: String = references.collect();
            let count = it.references.len();
            format!("{}\nabc\n{}\n\n{count}\n{references}", it.path, it.bytes)
        };
        paths.iter().map(one).collect()
    }

    #[test]
    fn paths_sizes_and_references_are_read() {
        let found = registration(TEXT).unwrap();
        let shown: Vec<_> = found
            .iter()
            .map(|it| (it.path.name(), it.bytes, it.references.len()))
            .collect();
        assert_eq!(shown, [("hello-2.12", 1200, 2), ("glibc-2.40", 30, 0)]);
        assert_eq!(registration(""), Ok(Vec::new()));
    }

    #[test]
    fn the_wrong_line_is_named() {
        let wrong = |from: &str, to: &str| {
            registration(&TEXT.replace(from, to))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(wrong("1200", "-1"), "line 3: not a number");
        assert_eq!(wrong("abc", "a b"), "line 2: not a hash");
        assert_eq!(
            wrong("\n30\n\n0\n", "\n30\n\n"),
            "line 12: it ends too early"
        );
        assert_eq!(
            wrong("\n2\n", "\n18446744073709551615\n"),
            "line 9: not a store path"
        );
        assert_eq!(
            wrong("/nix/store/w0", "/gnu/store/w0"),
            "line 1: not a store path"
        );
    }

    fn paths() -> impl Strategy<Value = Vec<Registered>> {
        let path =
            "[0-9a-d]{32}-[a-z][a-z0-9.-]{0,8}".prop_map(|it| StorePath::from_base(&it).unwrap());
        let references = proptest::collection::vec(path.clone(), 0..4);
        let one =
            (path, any::<u64>(), references).prop_map(|(path, bytes, references)| Registered {
                path,
                bytes,
                references,
            });
        proptest::collection::vec(one, 0..6)
    }

    proptest! {
        #[test]
        fn what_nix_writes_is_read_back(paths in paths()) {
            prop_assert_eq!(registration(&written(&paths)), Ok(paths));
        }

        #[test]
        fn no_text_makes_it_panic(paths in paths(), at in 0..400_usize, more in "\\PC{0,9}|[0-9\n]{0,9}") {
            let mut text = written(&paths);
            let at = at.min(text.len());
            text.insert_str(at, &more);
            let _ = registration(&text);
            let _ = registration(text.get(..at).unwrap());
            let _ = registration(&more);
        }
    }
}
