//! What the bytes of a block become before their codes are known.
#![expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::inline_always,
    reason = "parts of a number are taken from it, and a place of eight bits from 256; what is inlined runs for every few bytes"
)]

use super::symbols;

/// Up to three literals and a match, or four literals and none.
///
/// All tokens are made the same, so that nobody who writes them need ask what they are. From the lowest bit:
///
/// | bits | |
/// |---|---|
/// | 0 to 31 | four bytes of input, the first of which are the literals |
/// | 32 to 46 | the distance less one |
/// | 47 to 51 | the bits that follow the length's symbol |
/// | 52 to 56 | the distance's symbol, [`NONE`] without a match |
/// | 57 to 61 | the length's symbol less 257, [`NONE`] without a match |
/// | 62 and 63 | how many literals there are; 3 without a match, where there are four |
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(transparent)]
pub(super) struct Token(pub(super) u64);

/// In place of a symbol where there is no match: no bits are written for it.
pub(super) const NONE: usize = 31;

const AFTER_LENGTH: u32 = 47;
const DISTANCE: u32 = 52;
const LENGTH: u32 = 57;
const COUNT: u32 = 62;
const FOUR: u64 = 3 << COUNT | (NONE as u64) << LENGTH | (NONE as u64) << DISTANCE;

/// For each length less three, its symbol and the bits after it, as they stand in the upper half of a token.
static SHAPES: [u32; 256] = {
    let mut shapes = [0; 256];
    let mut length = 0;
    while length < shapes.len() {
        let (symbol, value) = symbols::LENGTHS[length];
        shapes[length] = (symbol as u32) << (LENGTH - 32) | (value as u32) << (AFTER_LENGTH - 32);
        length += 1;
    }
    shapes
};

impl Token {
    /// The first of `bytes`, at most three, and then a match: its length less three, at most 255, its distance less one.
    #[inline(always)]
    pub(super) fn matched(bytes: u64, literals: u32, length: u32, distance: u32) -> Self {
        let shape = SHAPES[(length & 255) as usize];
        let symbol = symbols::distance(distance);
        let upper = distance | shape | symbol << (DISTANCE - 32) | literals << (COUNT - 32);
        Token(bytes & 0xffff_ffff | u64::from(upper) << 32)
    }

    /// The lowest four of `bytes`.
    #[inline(always)]
    pub(super) fn four(bytes: u64) -> Self {
        Token(bytes & 0xffff_ffff | FOUR)
    }

    #[inline(always)]
    pub(super) fn bytes(self) -> [u8; 4] {
        (self.0 as u32).to_le_bytes()
    }

    /// How many of the bytes are literals.
    #[inline(always)]
    pub(super) fn literals(self) -> usize {
        // Only where there is no match one more makes the two bits above overflow.
        (((self.0 >> LENGTH) + 1) >> (COUNT - LENGTH)) as usize
    }

    /// The symbol of the length, less 257.
    #[inline(always)]
    pub(super) fn length(self) -> usize {
        (self.0 >> LENGTH & 31) as usize
    }

    /// The bits that follow the symbol of the length.
    #[inline(always)]
    pub(super) fn after_length(self) -> u64 {
        self.0 >> AFTER_LENGTH & 31
    }

    /// The symbol of the distance.
    #[inline(always)]
    pub(super) fn distance(self) -> usize {
        (self.0 >> DISTANCE & 31) as usize
    }

    /// The distance less one, whose lowest bits follow its symbol.
    #[inline(always)]
    pub(super) fn less_one(self) -> u64 {
        self.0 >> 32 & 0x7fff
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_token_says_what_it_was_made_of(
            bytes: u64,
            literals in 0..4u32,
            length in 0..256u32,
            distance in 0..1u32 << 15,
        ) {
            let token = Token::matched(bytes, literals, length, distance);
            prop_assert_eq!(token.bytes(), (bytes as u32).to_le_bytes());
            prop_assert_eq!(token.literals(), literals as usize);
            let (symbol, value) = symbols::LENGTHS[length as usize];
            prop_assert_eq!((token.length(), token.after_length()), (usize::from(symbol), u64::from(value)));
            prop_assert_eq!(token.distance(), symbols::distance(distance) as usize);
            prop_assert_eq!(token.less_one(), u64::from(distance));
            let four = Token::four(bytes);
            prop_assert_eq!(four.bytes(), (bytes as u32).to_le_bytes());
            prop_assert_eq!((four.literals(), four.length(), four.distance()), (4, NONE, NONE));
            prop_assert_eq!((four.after_length(), four.less_one()), (0, 0));
        }
    }
}
