//! What a default.nix fetches by a hash, without fetching it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::lab::tool;

/// Puts stand-ins where Nix would put what the project's expressions fetch by a hash: a path that the store
/// calls valid is not fetched, and only its hash says where it is. In a store of the lab's own.
pub fn pretend_fetched(dir: &Path, stand_in: impl Fn(&str) -> PathBuf) {
    for file in texts(dir) {
        let text = std::fs::read_to_string(&file).unwrap();
        // Where it is fetched by `fetchTarball` it is called so, unless it has a name: of its own, or made of a key.
        let words: Vec<&str> = text.split('"').collect();
        let mut names = BTreeSet::from(["source".to_owned()]);
        for (at, word) in words.iter().enumerate() {
            if words[at.saturating_sub(1)].trim_end().ends_with("name =") {
                names.insert((*word).to_owned());
            }
            let next = words.get(at + 1).copied().unwrap_or_default();
            if next.trim_start().starts_with(": {") {
                names.insert(format!("{word}-source"));
            }
        }
        for (at, word) in words.iter().enumerate() {
            if let Some(hash) = hash(word) {
                let around = words[at.saturating_sub(24)..words.len().min(at + 16)].join(" ");
                let known = ["naersk", "gitignore", "flake-compat", "npmlock2nix"];
                let input = known.into_iter().find(|name| around.contains(name));
                let content = stand_in(input.unwrap_or("nixpkgs"));
                for name in names.iter().filter(|name| is_name(name)) {
                    make_valid(&hash, name, &content);
                }
            }
        }
    }
}

/// Nix and JSON files of a project that may hold a pin.
fn texts(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            found.extend(texts(&path));
        } else if path.extension().is_some_and(|it| it == "nix")
            || path.ends_with("sources.json")
            || path.ends_with("flake.lock")
        {
            found.push(path);
        }
    }
    found
}

/// A SHA-256 in one of the forms of Nix, as `nix-store` takes it.
fn hash(word: &str) -> Option<String> {
    let digits = word.strip_prefix("sha256:").unwrap_or(word);
    let nix32 = digits.len() == 52 && digits.chars().all(|c| c.is_ascii_alphanumeric());
    if nix32 {
        return Some(digits.to_owned());
    }
    let sri = word.strip_prefix("sha256-")?;
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, sri).ok()?;
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    (hex.len() == 32).then(|| hex.concat())
}

fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "+-._?=".contains(c);
    !name.is_empty() && name.len() < 100 && !name.starts_with('.') && name.chars().all(allowed)
}

/// Makes the store believe that it has the tree of this hash and name.
fn make_valid(hash: &str, name: &str, content: &Path) {
    let words = ["--print-fixed-path", "--recursive", "sha256", hash, name];
    let printed = Command::new("nix-store").args(words).output().unwrap();
    let path = String::from_utf8(printed.stdout).unwrap().trim().to_owned();
    if path.is_empty() || Path::new(&path).exists() {
        return;
    }
    tool("cp", &["-r", &content.to_string_lossy(), &path]);
    let mut register = Command::new("nix-store")
        .args(["--register-validity", "--reregister", "--hash-given"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let any = "0".repeat(64);
    let facts = format!("{path}\n{any}\n1\n\n0\n");
    let mut input = register.stdin.take().unwrap();
    input.write_all(facts.as_bytes()).unwrap();
    drop(input);
    assert!(register.wait().unwrap().success(), "{path}");
}
