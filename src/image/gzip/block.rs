//! Makes the codes of a block, weighs them, and writes what is smaller: symbols in these codes, or the bytes as they are.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "arrays whose lengths their places can't reach; lengths and numbers of codes are small"
)]

use super::bits::Bits;
use super::encode::Writer;
use super::encode::{self, Codes};
use super::huffman;
use super::parse::{Counts, Parsed};
use super::symbols::{DISTANCE_EXTRA, DISTANCES, END, FIRST_LENGTH, LENGTH_EXTRA, LITERALS};
use super::token::Token;

/// The longest code of a literal: four and seven bits fit into 64. That of a distance is the format's.
const LONGEST_LITERAL: usize = 14;
const LONGEST_DISTANCE: usize = 15;
/// The longest code of a length of a code.
const LONGEST_OF_LENGTHS: usize = 7;

/// In which order the lengths of the codes of lengths stand.
const ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// Appends a block of `piece`, most tokens by `many`: see [`encode::symbols`].
pub(super) fn write(
    parsed: &Parsed<'_>,
    piece: &[u8],
    bits: &mut Bits<'_>,
    many: impl Fn(&[Token], &Codes, &mut Writer<'_>) -> usize,
) {
    let bytes = &piece[parsed.start as usize..parsed.end as usize];
    let lengths = Lengths::of(parsed.counts);
    let header = Header::of(&lengths);
    let weight = lengths.weight(parsed.counts);
    if (weight + header.weight()) / 8 >= bytes.len() as u64 {
        bits.stored(bytes);
        return;
    }
    header.write(bits);
    let mut literals = [0; LITERALS];
    huffman::codes(&lengths.literals, &mut literals);
    let codes = lengths.codes(&literals);
    encode::symbols(parsed, piece, &codes, weight, bits, many);
    bits.put(u32::from(literals[END]), u32::from(lengths.literals[END]));
}

/// How long the codes of a block are.
struct Lengths {
    literals: [u8; LITERALS],
    distances: [u8; DISTANCES],
}

impl Lengths {
    fn of(counts: &Counts) -> Self {
        let mut lengths = Lengths {
            literals: [0; LITERALS],
            distances: [0; DISTANCES],
        };
        huffman::lengths(&symbols(counts), LONGEST_LITERAL, &mut lengths.literals);
        huffman::lengths(
            &counts.distances[..DISTANCES],
            LONGEST_DISTANCE,
            &mut lengths.distances,
        );
        lengths
    }

    /// How many bits all symbols take.
    fn weight(&self, counts: &Counts) -> u64 {
        let none = [0].iter().cycle();
        let literals = symbols(counts);
        let literals = literals
            .iter()
            .zip(&self.literals)
            .zip(none.clone().take(FIRST_LENGTH).chain(&LENGTH_EXTRA));
        let distances = counts
            .distances
            .iter()
            .zip(&self.distances)
            .zip(&DISTANCE_EXTRA);
        literals
            .chain(distances)
            .map(|((count, length), extra)| u64::from(*count) * u64::from(length + extra))
            .sum()
    }

    /// The codes, with the bits that follow those of lengths.
    fn codes(&self, literals: &[u16; LITERALS]) -> Codes {
        let mut distances = [0; DISTANCES];
        huffman::codes(&self.distances, &mut distances);
        let code = |code: u16, length: u8| u32::from(code) << 8 | u32::from(length);
        let mut codes = Codes {
            literals: [0; 256],
            lengths: [(0, 0); 32],
            distances: [(0, 0); 32],
        };
        for (literal, place) in codes.literals.iter_mut().enumerate() {
            *place = code(literals[literal], self.literals[literal]);
        }
        let lengths = LENGTH_EXTRA.iter().zip(FIRST_LENGTH..);
        for (place, (extra, symbol)) in codes.lengths.iter_mut().zip(lengths) {
            *place = (
                code(literals[symbol], self.literals[symbol]),
                u32::from(*extra),
            );
        }
        for (symbol, place) in codes.distances.iter_mut().take(DISTANCES).enumerate() {
            *place = (
                code(distances[symbol], self.distances[symbol]),
                u32::from(DISTANCE_EXTRA[symbol]),
            );
        }
        codes
    }
}

/// How often each symbol of literals and lengths occurs.
fn symbols(counts: &Counts) -> [u32; LITERALS] {
    let mut symbols = [0; LITERALS];
    symbols[..END].copy_from_slice(&counts.literals);
    symbols[END] = 1;
    symbols[FIRST_LENGTH..].copy_from_slice(&counts.lengths[..LENGTH_EXTRA.len()]);
    symbols
}

/// The lengths of codes as they stand before a block, themselves in a code.
struct Header {
    literals: usize,
    distances: usize,
    /// Symbols with the value and the number of the bits after them.
    runs: Vec<(u8, u8, u8)>,
    /// How long their codes are, and how many of these in `ORDER` are written.
    lengths: [u8; 19],
    written: usize,
}

impl Header {
    fn of(lengths: &Lengths) -> Self {
        let used = |lengths: &[u8], least: usize| {
            lengths
                .iter()
                .rposition(|length| *length > 0)
                .map_or(least, |last| last + 1)
                .max(least)
        };
        let (literals, distances) = (
            used(&lengths.literals, FIRST_LENGTH),
            used(&lengths.distances, 1),
        );
        let all = [
            &lengths.literals[..literals],
            &lengths.distances[..distances],
        ]
        .concat();
        let mut runs = Vec::with_capacity(all.len());
        for run in all.chunk_by(|a, b| a == b) {
            push_run(run[0], run.len(), &mut runs);
        }
        let mut counts = [0; 19];
        for (symbol, ..) in &runs {
            counts[usize::from(*symbol)] += 1;
        }
        let mut of_lengths = [0; 19];
        huffman::lengths(&counts, LONGEST_OF_LENGTHS, &mut of_lengths);
        Header {
            literals,
            distances,
            runs,
            lengths: of_lengths,
            written: used(&ORDER.map(|symbol| of_lengths[symbol]), 4),
        }
    }

    /// How many bits it takes.
    fn weight(&self) -> u64 {
        let runs = self
            .runs
            .iter()
            .map(|(symbol, _, extra)| u64::from(self.lengths[usize::from(*symbol)] + extra));
        runs.sum::<u64>() + 3 + 14 + 3 * self.written as u64
    }

    fn write(&self, bits: &mut Bits<'_>) {
        // Not the last block; codes of its own.
        bits.put(2 << 1, 3);
        bits.put((self.literals - FIRST_LENGTH) as u32, 5);
        bits.put((self.distances - 1) as u32, 5);
        bits.put((self.written - 4) as u32, 4);
        for symbol in &ORDER[..self.written] {
            bits.put(u32::from(self.lengths[*symbol]), 3);
        }
        let mut codes = [0; 19];
        huffman::codes(&self.lengths, &mut codes);
        for (symbol, value, extra) in &self.runs {
            let symbol = usize::from(*symbol);
            bits.put(u32::from(codes[symbol]), u32::from(self.lengths[symbol]));
            bits.put(u32::from(*value), u32::from(*extra));
        }
    }
}

/// The same length several times over, in as few symbols as the format has for it.
fn push_run(length: u8, count: usize, runs: &mut Vec<(u8, u8, u8)>) {
    let mut left = count;
    if length > 0 {
        // Only the length before can be repeated.
        runs.push((length, 0, 0));
        left -= 1;
    }
    let repeats: &[(u8, usize, usize, u8)] = if length > 0 {
        &[(16, 3, 6, 2)]
    } else {
        &[(18, 11, 138, 7), (17, 3, 10, 3)]
    };
    for (symbol, least, most, extra) in repeats {
        while left >= *least {
            let some = left.min(*most);
            runs.push((*symbol, (some - least) as u8, *extra));
            left -= some;
        }
    }
    for _ in 0..left {
        runs.push((length, 0, 0));
    }
}
