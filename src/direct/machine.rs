//! Whether programs are such as a dyno runs.
//!
//! Takes the programs that an image starts; says of which machine one is that no dyno is. Reads their first bytes and
//! nothing more: an image says what it is made for, and nobody else looks before a dyno can't start it.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::nix::{Realised, Shell};
use crate::plan::{Command, Plan};

/// How many bytes of a program are read: more than the header says of its machine.
const HEADER: u64 = 64;

/// Where the app is in an image.
const APP: &str = "/app/";

/// What an image starts: the shell, and what its processes name of the app.
pub(super) fn programs(plan: &Plan, built: &Realised, shell: &Shell) -> Vec<PathBuf> {
    let mut all = vec![PathBuf::from(&shell.sh), PathBuf::from(&shell.env)];
    for output in built.app.iter().flatten() {
        let app = PathBuf::from(output.to_string());
        for process in plan.processes.values() {
            match &process.command {
                Command::Exec { words } => all.extend(named(&app, words.first())),
                Command::Shell { line } => {
                    let parts =
                        line.split(|c: char| c.is_whitespace() || "\"'`();|&<>".contains(c));
                    all.extend(parts.filter_map(|it| named(&app, Some(it))));
                }
                Command::OnlyProgram => all.extend(within(&app.join("bin"))),
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

/// Where a word of a command leads, if it is of the app.
fn named(app: &Path, word: Option<impl AsRef<str>>) -> Option<PathBuf> {
    let word = word?;
    let word = word.as_ref();
    let word = word.strip_prefix(APP).unwrap_or(word);
    let word = word.strip_prefix("./").unwrap_or(word);
    if word.is_empty() || word.starts_with('/') {
        None
    } else if word.contains('/') {
        Some(app.join(word))
    } else {
        Some(app.join("bin").join(word))
    }
}

/// What a shell's `*` would give; nothing where there is no folder.
fn within(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs_err::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
    let shown = names.filter(|name| !name.as_encoded_bytes().starts_with(b"."));
    shown.map(|name| folder.join(name)).collect()
}

/// Checks each that is there. What is no program, such as a script, passes.
///
/// Errors: `direct/wrong-architecture`.
pub(super) fn check(programs: &[PathBuf]) -> Result<()> {
    let found = programs
        .iter()
        .find_map(|path| Some((path, other(&header(path)?)?)));
    let Some((path, machine)) = found else {
        return Ok(());
    };
    Err(Error::user(
        "direct/wrong-architecture",
        format!("{} is a program for {machine}", path.display()),
        "build it for x86_64-linux: on such a machine, or by one that `builders` in nix.conf names",
    )
    .because("a dyno runs x86-64 Linux")
    .or("let Docker build it: `--route docker`"))
}

/// The first bytes of a file; `None` for what is no file, or can't be read.
fn header(path: &Path) -> Option<Vec<u8>> {
    // A pipe would keep us waiting.
    if !fs_err::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    let file = fs_err::File::open(path).ok()?;
    file.take(HEADER).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The machine of a program that no dyno runs.
fn other(header: &[u8]) -> Option<String> {
    if header.starts_with(b"\x7fELF") {
        let pair: [u8; 2] = header.get(18..20)?.try_into().ok()?;
        let number = match header.get(5)? {
            2 => u16::from_be_bytes(pair),
            _ => u16::from_le_bytes(pair),
        };
        return match number {
            // i386 and x86-64.
            3 | 62 => None,
            8 => Some("MIPS Linux".to_owned()),
            20 => Some("32-bit PowerPC Linux".to_owned()),
            21 => Some("64-bit PowerPC Linux".to_owned()),
            22 => Some("IBM Z Linux".to_owned()),
            40 => Some("32-bit ARM Linux (armv7l-linux)".to_owned()),
            183 => Some("64-bit ARM Linux (aarch64-linux)".to_owned()),
            243 => Some("RISC-V Linux".to_owned()),
            258 => Some("LoongArch Linux".to_owned()),
            _ => Some(format!("another machine (number {number} of ELF)")),
        };
    }
    let magic: [u8; 4] = header.get(..4)?.try_into().ok()?;
    let apple = match magic {
        [0xfe, 0xed, 0xfa, 0xce | 0xcf] | [0xce | 0xcf, 0xfa, 0xed, 0xfe] => true,
        // A class of Java starts so too, with a version where this has a small number of machines.
        [0xca, 0xfe, 0xba, 0xbe] => matches!(header.get(4..8)?, [0, 0, 0, 1..=30]),
        _ => false,
    };
    apple.then(|| "macOS".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn elf(order: u8, machine: [u8; 2]) -> Vec<u8> {
        let mut bytes = b"\x7fELF\x02".to_vec();
        bytes.push(order);
        bytes.resize(18, 0);
        bytes.extend(machine);
        bytes.resize(80, 0);
        bytes
    }

    #[test]
    fn machines_are_told_by_their_header() {
        let cases: &[(Vec<u8>, Option<&str>)] = &[
            (elf(1, [62, 0]), None),
            (elf(1, [3, 0]), None),
            (elf(1, [183, 0]), Some("64-bit ARM Linux (aarch64-linux)")),
            (elf(1, [243, 0]), Some("RISC-V Linux")),
            (elf(2, [0, 22]), Some("IBM Z Linux")),
            (elf(2, [0, 62]), None),
            (elf(1, [1, 1]), Some("another machine (number 257 of ELF)")),
            (elf(1, [2, 1]), Some("LoongArch Linux")),
            (vec![0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1], Some("macOS")),
            (vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2], Some("macOS")),
            (vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65], None),
            (b"#!/bin/sh\n".to_vec(), None),
            (b"\x7fELF".to_vec(), None),
            (Vec::new(), None),
        ];
        for (bytes, machine) in cases {
            assert_eq!(other(bytes).as_deref(), *machine, "{bytes:?}");
        }
    }

    #[test]
    fn a_program_behind_a_link_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs_err::write(at("x86"), elf(1, [62, 0])).unwrap();
        fs_err::write(at("arm"), elf(1, [183, 0])).unwrap();
        std::os::unix::fs::symlink(at("arm"), at("link")).unwrap();
        check(&[at("x86"), at("nowhere"), dir.path().to_owned()]).unwrap();
        let error = check(&[at("x86"), at("link")]).unwrap_err().to_string();
        let folder = dir.path().display().to_string();
        insta::assert_snapshot!(error.replace(&folder, "/nix/store/…"));
    }

    #[test]
    fn words_lead_into_the_app() {
        let app = Path::new("/x");
        let lead = |word: &str| named(app, Some(word)).map(|it| it.display().to_string());
        for (word, path) in [
            ("web", Some("/x/bin/web")),
            ("/app/bin/web", Some("/x/bin/web")),
            ("./bin/web", Some("/x/bin/web")),
            ("libexec/web", Some("/x/libexec/web")),
            ("/bin/sh", None),
            ("", None),
        ] {
            assert_eq!(lead(word).as_deref(), path, "{word}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), cut in 0_usize..80) {
            let _ = other(&bytes);
            let _ = other(elf(bytes.first().copied().unwrap_or(1), [1, 2]).get(..cut).unwrap_or_default());
        }
    }
}
