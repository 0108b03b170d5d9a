//! Compresses the bytes of a layer, in pieces, on all cores.
//!
//! Takes the bytes of one layer in pieces of [`PIECE`]; gives blocks of deflate that, put together between [`HEAD`] and
//! [`tail`], are one gzip file. Each piece is compressed alone: pieces go to any number of threads, and the same bytes give
//! the same file on every machine. Never: a file, a thread, a byte that depends on the processor.
//!
//! # Why our own
//!
//! A registry takes layers as gzip only, and compressing them is most of a first deploy. Encoders in Rust look for
//! small files first: at their quickest they are two to three times slower than Intel's ISA-L, which needs a C compiler,
//! an assembler and autotools wherever nixdyno is built. [`Level::Fast`] is made for layers: half literals of machine
//! code, half matches. [`Level::Small`] is level 6 of `zlib-rs`.
//!
//! 43 MB out of 2.3 GB of Debian's packages, processor time of one core of an Intel Xeon (Sapphire Rapids) with neighbours:
//!
//! | | MB/s | of the size |
//! |---|---|---|
//! | [`Level::Fast`] | 240 | 32.0 % |
//! | ISA-L, level 1 | 305 | 31.3 % |
//! | zlib-rs, level 1 | 130 | 36.0 % |
//! | [`Level::Small`], as zlib-rs, level 6 | 41 | 27.3 % |
//! | `gzip -6` | 16 | 27.1 % |
//!
//! `cargo bench --bench gzip -- FILE` measures them by the clock.
//!
//! # How it goes
//!
//! - `parse` looks at four bytes a step and remembers all of them by a hash of six in a table of 32 KiB,
//!   but asks only for two: a match found one byte late is taken one byte back. What is not found makes the steps longer.
//!   Most time is lost where the processor guesses a branch wrong, so there is about one such branch in a match.
//! - Each step becomes one [`token::Token`]: four literals, or up to three and a match. They have the same shape, so that
//!   nobody who writes them need ask which it is.
//! - Literals are counted in two tables by turns: a count that is still being written would be waited for.
//! - `block` makes the codes, of 14 bits at most so that four literals and what is left of a byte fit into 64 bits,
//!   weighs them against stored bytes, and writes what is smaller. Blocks are short: their codes fit better, and that is
//!   worth more than the time it takes to make them.
//! - `encode` writes a token's literals and match together. Where the processor has registers of 512 bits and can look up in
//!   them, `wide` does it for eight tokens at a time: a fifth less time in all, and the same bytes.
//!
//! There is no `unsafe` but in `wide`, which says why it holds: positions are `u32`, so a sum can't overflow and one
//! comparison checks a load; the same comparison refuses what would lie before the input.

mod bits;
mod block;
mod encode;
mod huffman;
mod parse;
mod symbols;
#[cfg(test)]
mod tests;
mod token;
#[cfg(target_arch = "x86_64")]
mod wide;

use std::fmt;

use flate2::{Compress, Compression, FlushCompress};
use serde::{Deserialize, Serialize};

use bits::Bits;
use encode::{Codes, Writer};
use parse::Parser;
use token::Token;

/// How many bytes of a layer are compressed together. A layer's bytes depend on it.
pub const PIECE: usize = 1 << 20;

/// What stands before the first piece: deflate, no name, no time, no system.
pub const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// How hard layers are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nearly twice as quick as level 1 of zlib-rs, and a tenth smaller.
    Fast,
    /// Within two percent of what `gzip` makes unless told otherwise.
    Small,
}

impl Level {
    /// Every level, in the order shown.
    pub const ALL: [Level; 2] = [Level::Fast, Level::Small];

    /// The name, as it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Level::Fast => "fast",
            Level::Small => "small",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Compresses pieces of layers, each alone. It owns its tables: one for each thread, used again and again.
#[derive(Debug)]
pub struct Compressor(Kind);

#[derive(Debug)]
enum Kind {
    Fast(Box<Parser>, Way),
    Small(Compress),
}

impl Compressor {
    /// One with tables of its own.
    pub fn new(level: Level) -> Self {
        Compressor(match level {
            Level::Fast => Kind::Fast(Box::new(Parser::new()), Way::best()),
            Level::Small => Kind::Small(Compress::new(Compression::new(6), false)),
        })
    }

    /// Appends `input` as whole deflate blocks that end at a byte's edge and are not the last ones.
    ///
    /// More than [`PIECE`] bytes become several pieces. No bytes become none.
    pub fn piece(&mut self, input: &[u8], output: &mut Vec<u8>) {
        for piece in input.chunks(PIECE) {
            match &mut self.0 {
                Kind::Fast(parser, way) => way.piece(parser, piece, output),
                Kind::Small(compress) => small(compress, piece, output),
            }
        }
    }
}

/// By which instructions pieces are compressed: nothing but time depends on it.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Those that every processor has.
    Plain,
    #[cfg(target_arch = "x86_64")]
    Wide(wide::Wide),
}

impl Way {
    /// All that this processor has, the best last.
    fn all() -> impl Iterator<Item = Way> {
        let ways = std::iter::once(Way::Plain);
        #[cfg(target_arch = "x86_64")]
        let ways = ways.chain(wide::Wide::find().map(Way::Wide));
        ways
    }

    fn best() -> Self {
        Way::all().last().unwrap_or(Way::Plain)
    }

    fn piece(self, parser: &mut Parser, piece: &[u8], output: &mut Vec<u8>) {
        match self {
            Way::Plain => blocks(parser, piece, output, |_, _, _| 0),
            #[cfg(target_arch = "x86_64")]
            Way::Wide(wide) => wide.blocks(parser, piece, output),
        }
    }
}

/// Compresses a piece; `many` writes as many tokens of a block as it says, the first ones.
// Into the function that is compiled for a processor.
#[expect(clippy::inline_always, reason = "see above")]
#[inline(always)]
fn blocks(
    parser: &mut Parser,
    piece: &[u8],
    output: &mut Vec<u8>,
    many: impl Fn(&[Token], &Codes, &mut Writer<'_>) -> usize,
) {
    parser.reset();
    let mut bits = Bits::new(output);
    while let Some(parsed) = parser.next(piece) {
        block::write(&parsed, piece, &mut bits, &many);
    }
    bits.sync();
}

fn small(compress: &mut Compress, piece: &[u8], output: &mut Vec<u8>) {
    compress.reset();
    loop {
        output.reserve(piece.len() / 2 + 64);
        let done = usize::try_from(compress.total_in()).unwrap_or(usize::MAX);
        let rest = piece.get(done..).unwrap_or_default();
        // It fails only where it is called after the end, and there is none.
        let Ok(_) = compress.compress_vec(rest, output, FlushCompress::Sync) else {
            return;
        };
        if compress.total_in() == piece.len() as u64 && output.len() < output.capacity() {
            return;
        }
    }
}

/// What stands after the last piece: an empty final block, the CRC and the length of all input.
pub fn tail(crc: u32, length: u64) -> [u8; 10] {
    // An empty block in fixed codes, and room for both numbers.
    let mut tail = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    // The format has the length modulo 2^32.
    let numbers = crc
        .to_le_bytes()
        .into_iter()
        .chain(length.to_le_bytes().into_iter().take(4));
    for (place, byte) in tail.iter_mut().skip(2).zip(numbers) {
        *place = byte;
    }
    tail
}

/// The CRC of a piece, and of pieces put together, so that pieces can be summed on all cores.
#[derive(Debug, Clone, Default)]
pub struct Crc(crc32fast::Hasher);

impl Crc {
    /// Of one piece.
    pub fn of(piece: &[u8]) -> Self {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(piece);
        Crc(hasher)
    }

    /// Of what was summed here and then `next`.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "two become one")]
    pub fn then(mut self, next: Self) -> Self {
        self.0.combine(&next.0);
        self
    }

    /// As it stands in the [`tail`].
    pub fn value(&self) -> u32 {
        self.0.clone().finalize()
    }
}

/// One gzip file of all of `input`, made by one thread.
pub fn whole(level: Level, input: &[u8]) -> Vec<u8> {
    let mut output = HEAD.to_vec();
    Compressor::new(level).piece(input, &mut output);
    output.extend(tail(Crc::of(input).value(), input.len() as u64));
    output
}
