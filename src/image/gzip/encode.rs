//! Writes the steps of a block in its codes.
//!
//! Takes steps, the bytes they stand for, and codes; appends bits. Literals are written in fours and then what is left, up
//! to three, together with the match, whatever their number: a branch for each would be guessed wrong too often.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::inline_always,
    reason = "codes are in arrays whose lengths their places can't reach; the output is as long as was weighed"
)]

use super::bits::Bits;
use super::parse::{Parsed, Step};
use super::symbols::SHORTEST;

/// A code and the bits that follow it, above how many they are: `bits << 8 | count`.
pub(super) type Code = u32;

/// All codes of a block, one for each length.
pub(super) struct Codes {
    pub(super) literals: [Code; 256],
    pub(super) lengths: [Code; 256],
    /// And how many bits follow each.
    pub(super) distances: [(Code, u32); 32],
}

/// Bits on their way into a part of the output that was made long enough.
struct Writer<'a> {
    out: &'a mut [u8],
    at: u32,
    waiting: u64,
    count: u32,
}

impl Writer<'_> {
    /// With fewer than eight bits waiting there is room for 56 more.
    #[inline(always)]
    fn put(&mut self, bits: u64, count: u32) {
        self.waiting |= bits << self.count;
        self.count += count;
        let at = self.at as usize;
        self.out[at..at + 8].copy_from_slice(&self.waiting.to_le_bytes());
        self.at += self.count >> 3;
        self.waiting >>= self.count & !7;
        self.count &= 7;
    }
}

/// Four codes of at most 14 bits, one after another, and how many bits they are.
///
/// A shift by a code is one by its lowest six bits, which are its count: nothing need be masked before.
#[inline(always)]
fn together([a, b, c, d]: [Code; 4]) -> (u64, u32) {
    let bits = |code: Code| u64::from(code >> 8);
    let (first, second) = (a.wrapping_add(b), c.wrapping_add(d));
    let low = bits(a) | bits(b).wrapping_shl(a);
    let high = bits(c) | bits(d).wrapping_shl(c);
    (
        low | high.wrapping_shl(first),
        first.wrapping_add(second) & 63,
    )
}

/// A match, and how many bits it is: 47 at most.
#[inline(always)]
fn matched(codes: &Codes, step: Step) -> (u64, u32) {
    let code = codes.lengths[step.length()];
    let (after, extra) = codes.distances[step.symbol()];
    let value = step.distance() & ((1 << (extra & 31)) - 1);
    let distance = u64::from(after >> 8) | u64::from(value).wrapping_shl(after);
    (
        u64::from(code >> 8) | distance.wrapping_shl(code),
        (code.wrapping_add(after) & 63) + extra,
    )
}

/// Appends a block's symbols, which take `weight` bits at most.
pub(super) fn steps(
    parsed: &Parsed<'_>,
    piece: &[u8],
    codes: &Codes,
    weight: u64,
    bits: &mut Bits<'_>,
) {
    let from = bits.out.len();
    // Eight bytes are written at a time.
    bits.out.resize(from + (weight / 8) as usize + 16, 0);
    let mut writer = Writer {
        out: &mut bits.out[from..],
        at: 0,
        waiting: bits.waiting,
        count: bits.count,
    };
    let mut position = parsed.start;
    for step in parsed.steps {
        let count = step.literals();
        let rest = literals(&mut writer, piece, codes, position, count);
        let (before, short) = together(rest);
        let (bits, long) = matched(codes, *step);
        // Nearly always.
        if short + long <= 56 {
            writer.put(before | bits << short, short + long);
        } else {
            writer.put(before, short);
            writer.put(bits, long);
        }
        position += count + step.length() as u32 + SHORTEST;
    }
    for byte in &piece[position as usize..(position + parsed.rest) as usize] {
        let code = codes.literals[usize::from(*byte)];
        writer.put(u64::from(code >> 8), code & 255);
    }
    let Writer {
        at, waiting, count, ..
    } = writer;
    bits.out.truncate(from + at as usize);
    (bits.waiting, bits.count) = (waiting, count);
}

/// Literals before a match, which is longer than what is read too much; the last three at most are given back.
#[inline(always)]
fn literals(
    writer: &mut Writer<'_>,
    piece: &[u8],
    codes: &Codes,
    position: u32,
    count: u32,
) -> [Code; 4] {
    let from = position as usize;
    let rest = from + (count & !3) as usize;
    for bytes in piece[from..rest].chunks_exact(4) {
        let (bits, count) = together(four(bytes, codes));
        writer.put(bits, count);
    }
    let [a, b, c, _] = four(&piece[rest..rest + 4], codes);
    let [first, second, third] = THERE[(count & 3) as usize];
    [a & first, b & second, c & third, 0]
}

#[inline(always)]
fn four(bytes: &[u8], codes: &Codes) -> [Code; 4] {
    [bytes[0], bytes[1], bytes[2], bytes[3]].map(|byte| codes.literals[usize::from(byte)])
}

/// Which of three codes there are, by their number. From memory: compilers make branches of what is computed.
static THERE: [[Code; 3]; 4] = {
    const ALL: Code = Code::MAX;
    [[0, 0, 0], [ALL, 0, 0], [ALL, ALL, 0], [ALL, ALL, ALL]]
};
