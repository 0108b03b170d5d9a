//! Writes the tokens of a block in its codes.
//!
//! Takes tokens and codes; appends bits. A token's literals and its match are put together whatever there is of them, since
//! a branch for each number of literals would be guessed wrong too often. Someone may write most tokens many at a time;
//! the rest are written here, one after another, as the same bits.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::inline_always,
    reason = "codes are in arrays whose lengths their places can't reach; the output is as long as was weighed"
)]

use super::bits::Bits;
use super::parse::Parsed;
use super::token::Token;

/// A code above how many bits it has: `bits << 8 | count`.
pub(super) type Code = u32;

/// All codes of a block.
#[derive(Debug)]
pub(super) struct Codes {
    pub(super) literals: [Code; 256],
    /// By symbol less 257, and how many bits follow each; nothing for those that aren't symbols.
    pub(super) lengths: [(Code, u32); 32],
    /// By symbol, and how many bits follow each; nothing for those that aren't symbols.
    pub(super) distances: [(Code, u32); 32],
}

/// The most bits that can be put at once: fewer than eight wait, and all are in 64.
pub(super) const MOST: u64 = 56;

/// Bits on their way into a part of the output that was made long enough.
pub(super) struct Writer<'a> {
    out: &'a mut [u8],
    at: u32,
    waiting: u64,
    count: u32,
}

impl Writer<'_> {
    /// At most [`MOST`].
    #[inline(always)]
    pub(super) fn put(&mut self, bits: u64, count: u32) {
        self.waiting |= bits << self.count;
        self.count += count;
        let at = self.at as usize;
        self.out[at..at + 8].copy_from_slice(&self.waiting.to_le_bytes());
        self.at += self.count >> 3;
        self.waiting >>= self.count & !7;
        self.count &= 7;
    }

    /// Puts one after another of `bits`, as many of each as `counts` says.
    #[inline(always)]
    pub(super) fn put_all(&mut self, bits: &[u64], counts: &[u64]) {
        // Registers, where it would be memory otherwise.
        let mut here = Writer {
            out: &mut *self.out,
            ..*self
        };
        for (bits, count) in bits.iter().zip(counts) {
            here.put(*bits, *count as u32);
        }
        let Writer {
            at, waiting, count, ..
        } = here;
        (self.at, self.waiting, self.count) = (at, waiting, count);
    }
}

/// Appends a block's symbols, which take `weight` bits at most. `many` writes as many tokens as it says, the first ones.
pub(super) fn symbols(
    parsed: &Parsed<'_>,
    piece: &[u8],
    codes: &Codes,
    weight: u64,
    bits: &mut Bits<'_>,
    many: impl Fn(&[Token], &Codes, &mut Writer<'_>) -> usize,
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
    let done = many(parsed.tokens, codes, &mut writer);
    for token in &parsed.tokens[done..] {
        one(*token, codes, &mut writer);
    }
    for byte in &piece[(parsed.end - parsed.rest) as usize..parsed.end as usize] {
        let code = codes.literals[usize::from(*byte)];
        writer.put(u64::from(code >> 8), code & 255);
    }
    let Writer {
        at, waiting, count, ..
    } = writer;
    bits.out.truncate(from + at as usize);
    (bits.waiting, bits.count) = (waiting, count);
}

#[inline(always)]
fn one(token: Token, codes: &Codes, writer: &mut Writer<'_>) {
    let (literals, before) = together(literals(token, codes));
    let (matched, after) = matched(token, codes);
    // Nearly always.
    if u64::from(before + after) <= MOST {
        writer.put(literals | matched << before, before + after);
    } else {
        writer.put(literals, before);
        writer.put(matched, after);
    }
}

#[inline(always)]
fn literals(token: Token, codes: &Codes) -> [Code; 4] {
    let [a, b, c, d] = token.bytes().map(|byte| codes.literals[usize::from(byte)]);
    let [first, second, third, fourth] = THERE[token.literals() & 7];
    [a & first, b & second, c & third, d & fourth]
}

/// Which of four codes there are, by their number. From memory: compilers make branches of what is computed.
static THERE: [[Code; 4]; 8] = {
    const ALL: Code = Code::MAX;
    [
        [0, 0, 0, 0],
        [ALL, 0, 0, 0],
        [ALL, ALL, 0, 0],
        [ALL, ALL, ALL, 0],
        [ALL, ALL, ALL, ALL],
        // Only so that three bits can't reach beyond.
        [0; 4],
        [0; 4],
        [0; 4],
    ]
};

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

/// A match, and how many bits it is: 47 at most, none where there is none.
#[inline(always)]
fn matched(token: Token, codes: &Codes) -> (u64, u32) {
    let (length, follow) = codes.lengths[token.length()];
    let (distance, more) = codes.distances[token.distance()];
    let low = u64::from(length >> 8) | token.after_length().wrapping_shl(length);
    let value = token.less_one() & ((1 << (more & 31)) - 1);
    let high = u64::from(distance >> 8) | value.wrapping_shl(distance);
    let count = (length & 63) + follow;
    (
        low | high.wrapping_shl(count),
        count + (distance & 63) + more,
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse::Parser;
    use super::super::symbols::{DISTANCE_EXTRA, LENGTH_EXTRA};
    #[cfg(target_arch = "x86_64")]
    use super::super::wide::Wide;
    use super::*;

    /// Any bits of one to `longest`, as a code.
    fn code(longest: u32) -> impl Strategy<Value = Code> {
        (any::<u32>(), 1..=longest)
            .prop_map(|(bits, count)| (bits & ((1 << count) - 1)) << 8 | count)
    }

    /// Codes that could not be read back, but are as long as those of a block get.
    fn codes() -> impl Strategy<Value = Codes> {
        let literals = prop_oneof![
            prop::collection::vec(code(14), 256),
            prop::collection::vec(Just(0x2a_a50e), 256),
        ];
        let lengths = prop::collection::vec(code(14), LENGTH_EXTRA.len());
        let distances = prop::collection::vec(code(15), DISTANCE_EXTRA.len());
        (literals, lengths, distances).prop_map(|(literals, lengths, distances)| {
            let mut codes = Codes {
                literals: [0; 256],
                lengths: [(0, 0); 32],
                distances: [(0, 0); 32],
            };
            codes.literals.copy_from_slice(&literals);
            for (symbol, (code, extra)) in lengths.into_iter().zip(LENGTH_EXTRA).enumerate() {
                codes.lengths[symbol] = (code, u32::from(extra));
            }
            for (symbol, (code, extra)) in distances.into_iter().zip(DISTANCE_EXTRA).enumerate() {
                codes.distances[symbol] = (code, u32::from(extra));
            }
            codes
        })
    }

    fn token() -> impl Strategy<Value = Token> {
        let matched = (any::<u64>(), 0..4u32, 0..256u32, 0..1u32 << 15);
        prop_oneof![
            any::<u64>().prop_map(Token::four),
            matched.prop_map(|(bytes, literals, length, distance)| Token::matched(
                bytes, literals, length, distance
            )),
        ]
    }

    /// One bit after another.
    fn slowly(tokens: &[Token], codes: &Codes) -> Vec<bool> {
        let mut bits = Vec::new();
        let mut put = |value: u64, count: u32| {
            bits.extend((0..count).map(|place| value >> place & 1 == 1));
        };
        for token in tokens {
            for byte in &token.bytes()[..token.literals()] {
                let code = codes.literals[usize::from(*byte)];
                put(u64::from(code >> 8), code & 255);
            }
            let (code, extra) = codes.lengths[token.length()];
            put(u64::from(code >> 8), code & 255);
            put(token.after_length(), extra);
            let (code, extra) = codes.distances[token.distance()];
            put(u64::from(code >> 8), code & 255);
            put(token.less_one(), extra);
        }
        bits
    }

    fn written(
        tokens: &[Token],
        codes: &Codes,
        many: impl Fn(&[Token], &Codes, &mut Writer<'_>) -> usize,
    ) -> Vec<bool> {
        let mut parser = Parser::new();
        let nothing = parser.next(&[0]).unwrap();
        let parsed = Parsed {
            tokens,
            rest: 0,
            ..nothing
        };
        let mut out = Vec::new();
        let mut bits = Bits::new(&mut out);
        symbols(
            &parsed,
            &[0],
            codes,
            110 * tokens.len() as u64,
            &mut bits,
            many,
        );
        let (waiting, count) = (bits.waiting, bits.count);
        out.iter()
            .flat_map(|byte| (0..8).map(move |place| byte >> place & 1 == 1))
            .chain((0..count).map(|place| waiting >> place & 1 == 1))
            .collect()
    }

    proptest! {
        #[test]
        fn tokens_are_their_codes_one_after_another(
            codes in codes(),
            tokens in prop::collection::vec(token(), 0..200),
        ) {
            let slowly = slowly(&tokens, &codes);
            prop_assert!(written(&tokens, &codes, |_, _, _| 0) == slowly);
            #[cfg(target_arch = "x86_64")]
            if let Some(wide) = Wide::find() {
                let many = |tokens: &[Token], codes: &Codes, writer: &mut Writer<'_>| {
                    let done = wide.eights(tokens, codes, writer);
                    assert_eq!(done, tokens.len() & !7);
                    done
                };
                prop_assert!(written(&tokens, &codes, many) == slowly);
            }
        }
    }
}
