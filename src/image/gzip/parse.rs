//! Finds what has stood before, at most 32 KiB back.
//!
//! Takes a piece; gives the tokens of one block of it after another, and how often each symbol occurs in it. Never: a match
//! that is not there, whatever the table holds: bytes are compared.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::inline_always,
    clippy::large_stack_arrays,
    clippy::needless_bitwise_bool,
    reason = "arrays whose lengths their places can't reach: masked, or bounded by the loop; pieces are short; what is inlined runs for every few bytes; a parser is boxed at once"
)]

use super::symbols::{LONGEST, SHORTEST};
use super::token::Token;

/// How many places are remembered, as a power of two: 32 KiB of them.
const PLACES: u32 = 14;
/// How many bytes are remembered together, and so the shortest match that is looked for.
const TOGETHER: u32 = 6;
/// How far back a match may lie.
const WINDOW: u32 = 1 << 15;
/// How many tokens a block may have: what a block's codes fit, and what caches hold.
const MOST_TOKENS: usize = 1 << 13;
/// After so many bytes without a match, as a power of two, steps grow by four.
const PATIENCE: u32 = 9;

/// How often symbols occur in a block; those of lengths less 257.
#[derive(Debug)]
pub(super) struct Counts {
    pub(super) literals: [u32; 256],
    /// Literals too, until the block is whole: in a run of the same byte one count would wait for the one before.
    others: [u32; 256],
    pub(super) lengths: [u32; 32],
    pub(super) distances: [u32; 32],
}

/// A block of a piece.
pub(super) struct Parsed<'a> {
    /// Where it begins and ends in the piece.
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) tokens: &'a [Token],
    /// How many literals are after the last token.
    pub(super) rest: u32,
    pub(super) counts: &'a Counts,
}

/// Goes through pieces.
#[derive(Debug)]
pub(super) struct Parser {
    /// Where bytes of a hash were seen last, modulo 2^16.
    places: [u16; 1 << PLACES],
    tokens: [Token; MOST_TOKENS],
    counts: Counts,
    position: u32,
}

impl Parser {
    pub(super) fn new() -> Self {
        Parser {
            places: [0; 1 << PLACES],
            tokens: [Token::default(); MOST_TOKENS],
            counts: Counts {
                literals: [0; 256],
                others: [0; 256],
                lengths: [0; 32],
                distances: [0; 32],
            },
            position: 0,
        }
    }

    /// Forgets what was before.
    pub(super) fn reset(&mut self) {
        self.places.fill(0);
        self.position = 0;
    }

    /// The next block of a piece, which is the same at each call.
    // Into the function that is compiled for a processor.
    #[inline(always)]
    pub(super) fn next(&mut self, piece: &[u8]) -> Option<Parsed<'_>> {
        let start = self.position;
        if start as usize >= piece.len() {
            return None;
        }
        self.counts.literals.fill(0);
        self.counts.others.fill(0);
        self.counts.lengths.fill(0);
        self.counts.distances.fill(0);
        let (tokens, rest) = self.block(piece);
        for (count, other) in self.counts.literals.iter_mut().zip(&self.counts.others) {
            *count += other;
        }
        Some(Parsed {
            start,
            end: self.position,
            tokens: &self.tokens[..tokens],
            rest,
            counts: &self.counts,
        })
    }

    /// Finds tokens up to the end or until there are enough; how many they are, and the literals after them.
    #[inline(always)]
    fn block(&mut self, piece: &[u8]) -> (usize, u32) {
        let Parser {
            places,
            tokens,
            counts,
            ..
        } = self;
        let (mut position, mut anchor) = (self.position, self.position);
        let mut made = 0;
        while made < MOST_TOKENS {
            let Some(probe) = Probe::new(places, piece, position) else {
                break;
            };
            if !probe.found() {
                counts.literals(probe.bytes, 4);
                tokens[made] = Token::four(probe.bytes);
                made += 1;
                position += 4;
                let steps = (position - anchor) >> PATIENCE;
                let free = &mut tokens[made..];
                let skipped = skip(free, counts, piece, position, steps);
                made += skipped;
                position += 4 * skipped as u32;
                continue;
            }
            let (literals, distance) = probe.nearest();
            counts.literals(probe.bytes, literals);
            position += literals;
            let length = same(piece, position, position - distance - 1);
            let token = Token::matched(probe.bytes, literals, length - SHORTEST, distance);
            tokens[made] = token;
            made += 1;
            counts.lengths[token.length()] += 1;
            counts.distances[token.distance()] += 1;
            position += length;
            anchor = position;
            // One place inside is enough to find the next of the same kind.
            if let Some(last) = load(piece, position - 1) {
                places[hash(last)] = (position - 1) as u16;
            }
        }
        let mut rest = 0;
        if made < MOST_TOKENS {
            // Too near to the end to look for matches.
            for byte in piece.get(position as usize..).unwrap_or_default() {
                counts.literals[usize::from(*byte)] += 1;
                rest += 1;
            }
        }
        self.position = position + rest;
        (made, rest)
    }
}

/// Goes over bytes without looking for matches, in `steps` of four; how many tokens they became, as far as there is room.
#[inline(always)]
fn skip(
    tokens: &mut [Token],
    counts: &mut Counts,
    piece: &[u8],
    position: u32,
    steps: u32,
) -> usize {
    let mut skipped = 0;
    if steps > 0 {
        let (fours, _) = piece
            .get(position as usize..)
            .unwrap_or_default()
            .as_chunks();
        for (four, token) in fours.iter().zip(tokens).take(steps as usize) {
            let bytes = u64::from(u32::from_le_bytes(*four));
            counts.literals(bytes, 4);
            *token = Token::four(bytes);
            skipped += 1;
        }
    }
    skipped
}

impl Counts {
    /// The first of four bytes, without asking how many.
    #[inline(always)]
    fn literals(&mut self, bytes: u64, literals: u32) {
        let byte = |place: u32| (bytes >> (8 * place) & 255) as usize;
        self.literals[byte(0)] += u32::from(0 < literals);
        self.others[byte(1)] += u32::from(1 < literals);
        self.literals[byte(2)] += u32::from(2 < literals);
        self.others[byte(3)] += u32::from(3 < literals);
    }
}

/// Four bytes, of which two were looked up together with those after them.
struct Probe {
    bytes: u64,
    /// How bytes differ from those remembered, from the byte before the one looked up; distances are less one.
    early: u64,
    early_distance: u32,
    late: u64,
    late_distance: u32,
}

impl Probe {
    /// What must not differ: all that was looked up, not the byte before.
    const WANTED: u64 = ((1 << (8 * TOGETHER)) - 1) << 8;

    #[inline(always)]
    fn new(places: &mut [u16; 1 << PLACES], piece: &[u8], position: u32) -> Option<Self> {
        let bytes = load(piece, position)?;
        let after = load(piece, position + 2)?;
        places[hash(bytes)] = position as u16;
        let early = exchange(places, hash(bytes >> 8), position + 1);
        places[hash(after)] = (position + 2) as u16;
        let late = exchange(places, hash(after >> 8), position + 3);
        // Before the piece nothing is found: no load reaches so far.
        Some(Probe {
            bytes,
            early: load(piece, position.wrapping_sub(early + 1)).unwrap_or(!bytes) ^ bytes,
            early_distance: early,
            late: load(piece, position.wrapping_add(1).wrapping_sub(late)).unwrap_or(!after)
                ^ after,
            late_distance: late,
        })
    }

    #[inline(always)]
    fn found(&self) -> bool {
        // One branch for both.
        (self.early & Self::WANTED == 0) | (self.late & Self::WANTED == 0)
    }

    /// How many literals come before the first match, and its distance.
    #[inline(always)]
    fn nearest(&self) -> (u32, u32) {
        let is_late = self.early & Self::WANTED != 0;
        let differ = if is_late { self.late } else { self.early };
        let distance = if is_late {
            self.late_distance
        } else {
            self.early_distance
        };
        (
            u32::from(is_late) * 2 + u32::from(differ & 255 != 0),
            distance,
        )
    }
}

/// Remembers a position; how far back the one before it was, less one.
#[inline(always)]
fn exchange(places: &mut [u16; 1 << PLACES], hash: usize, position: u32) -> u32 {
    let before = std::mem::replace(&mut places[hash], position as u16);
    position.wrapping_sub(u32::from(before)).wrapping_sub(1) & (WINDOW - 1)
}

#[inline(always)]
fn load(piece: &[u8], position: u32) -> Option<u64> {
    let at = position as usize;
    Some(u64::from_le_bytes(piece.get(at..at + 8)?.try_into().ok()?))
}

#[inline(always)]
fn load_two(piece: &[u8], position: u32) -> Option<u128> {
    let at = position as usize;
    Some(u128::from_le_bytes(
        piece.get(at..at + 16)?.try_into().ok()?,
    ))
}

/// Of the lowest bytes.
#[inline(always)]
fn hash(bytes: u64) -> usize {
    ((bytes << (64 - 8 * TOGETHER)).wrapping_mul(0x9E37_79B1_85EB_CA87) >> (64 - PLACES)) as usize
}

/// How many bytes at two places are the same, [`LONGEST`] at most.
#[inline(always)]
fn same(piece: &[u8], position: u32, before: u32) -> u32 {
    let mut length = 0;
    while length < LONGEST {
        let (Some(here), Some(there)) = (
            load_two(piece, position + length),
            load_two(piece, before + length),
        ) else {
            let rest = |from: u32| piece.get((from + length) as usize..).unwrap_or_default();
            length += rest(position)
                .iter()
                .zip(rest(before))
                .take_while(|(a, b)| a == b)
                .count() as u32;
            break;
        };
        if here != there {
            length += (here ^ there).trailing_zeros() >> 3;
            break;
        }
        length += 16;
    }
    length.min(LONGEST)
}
