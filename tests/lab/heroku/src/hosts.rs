//! The hosts file of the lab.
//!
//! Takes names, adds them for 127.0.0.1. Never rewrites the file: it is bind-mounted, so its inode must stay.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

/// Adds the names that aren't in `file` yet.
pub fn add(file: &Path, names: &[&str]) -> io::Result<()> {
    let known = std::fs::read_to_string(file)?;
    let mut lines = String::new();
    if !known.is_empty() && !known.ends_with('\n') {
        lines.push('\n');
    }
    for name in names.iter().filter(|name| !has(&known, name)) {
        lines.push_str("127.0.0.1 ");
        lines.push_str(name);
        lines.push('\n');
    }
    OpenOptions::new()
        .append(true)
        .open(file)?
        .write_all(lines.as_bytes())
}

fn has(text: &str, name: &str) -> bool {
    let uncommented = text.lines().filter_map(|line| line.split('#').next());
    uncommented
        .flat_map(|line| line.split_whitespace().skip(1))
        .any(|known| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_whole_words() {
        let text = "127.0.0.1 localhost api.localhost # web.localhost\n";
        assert!(has(text, "api.localhost") && has(text, "localhost"));
        assert!(
            !has(text, "web.localhost") && !has(text, "127.0.0.1") && !has(text, "pi.localhost")
        );
    }

    #[test]
    fn names_are_added_once() {
        let file = std::env::temp_dir().join(format!("loopback-hosts-{}", std::process::id()));
        std::fs::write(&file, "127.0.0.1 localhost").unwrap();
        add(&file, &["a.localhost"]).unwrap();
        add(&file, &["a.localhost"]).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert_eq!(text, "127.0.0.1 localhost\n127.0.0.1 a.localhost\n");
    }
}
