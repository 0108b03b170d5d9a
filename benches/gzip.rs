//! How fast and how small layers become: `cargo bench --bench gzip -- FILE-OR-FOLDER…`, on one core.
//!
//! Each contender compresses the same bytes by turns, three times; the best time counts. Programs that are not on PATH are left out.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that measures others"
)]

use std::ffi::OsStr;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use nixdyno::image::gzip::{Compressor, Crc, Level, PIECE};

const ROUNDS: usize = 3;

type Contender = (&'static str, fn(&[u8]) -> io::Result<usize>);

const CONTENDERS: [Contender; 6] = [
    ("nixdyno fast", |input| Ok(ours(Level::Fast, input))),
    ("igzip -1", |input| program("igzip", "-1", input)),
    ("flate2 1", |input| flate2(1, input)),
    ("nixdyno small", |input| Ok(ours(Level::Small, input))),
    ("flate2 6", |input| flate2(6, input)),
    ("gzip -6", |input| program("gzip", "-6", input)),
];

fn main() -> io::Result<()> {
    let mut input = Vec::new();
    // Cargo adds an option of its own.
    for path in std::env::args_os()
        .skip(1)
        .filter(|word| word != OsStr::new("--bench"))
    {
        read(Path::new(&path), &mut input)?;
    }
    if input.is_empty() {
        println!("usage: cargo bench --bench gzip -- FILE-OR-FOLDER…");
        return Ok(());
    }
    let mut best = CONTENDERS.map(|_| None::<(Duration, usize)>);
    for _ in 0..ROUNDS {
        for ((_, run), best) in CONTENDERS.iter().zip(&mut best) {
            let start = Instant::now();
            if let Ok(size) = run(&input) {
                let time = start.elapsed();
                *best = Some((best.map_or(time, |(before, _)| before.min(time)), size));
            }
        }
    }
    let length = input.len() as f64;
    println!(
        "{:14} {:>8} {:>7}   of {:.0} MB",
        "",
        "MB/s",
        "ratio",
        length / 1e6
    );
    for ((name, _), best) in CONTENDERS.iter().zip(best) {
        match best {
            Some((time, size)) => println!(
                "{name:14} {:8.0} {:7.4}",
                length / 1e6 / time.as_secs_f64(),
                size as f64 / length
            ),
            None => println!("{name:14} not here"),
        }
    }
    Ok(())
}

fn ours(level: Level, input: &[u8]) -> usize {
    let mut compressor = Compressor::new(level);
    let mut output = Vec::new();
    let mut size = 0;
    for piece in input.chunks(PIECE) {
        output.clear();
        compressor.piece(piece, &mut output);
        size += output.len();
        black_box(Crc::of(piece));
    }
    size
}

fn flate2(level: u32, input: &[u8]) -> io::Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(input)?;
    Ok(encoder.finish()?.len())
}

/// Fed by a thread; what it writes is counted.
fn program(name: &str, level: &str, input: &[u8]) -> io::Result<usize> {
    let mut child = Command::new(name)
        .args([level, "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let size = thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        stdout.map_or(Ok(0), |mut stdout| io::copy(&mut stdout, &mut io::sink()))
    })?;
    child.wait()?;
    usize::try_from(size).map_err(io::Error::other)
}

/// All files of a folder, by name.
fn read(path: &Path, input: &mut Vec<u8>) -> io::Result<()> {
    let found = fs::symlink_metadata(path)?;
    if found.is_dir() {
        let mut names: Vec<_> = fs::read_dir(path)?.collect::<io::Result<_>>()?;
        names.sort_by_key(fs::DirEntry::file_name);
        for entry in names {
            read(&entry.path(), input)?;
        }
    } else if found.is_file() {
        input.extend(fs::read(path)?);
    }
    Ok(())
}
