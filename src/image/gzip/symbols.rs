//! Deflate's symbols for lengths and distances (RFC 1951, 3.2.5).
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "made while compiling: what is wrong doesn't compile"
)]

/// Literals, the end of a block, lengths.
pub(super) const LITERALS: usize = 286;
/// Distances.
pub(super) const DISTANCES: usize = 30;
/// The symbol that ends a block.
pub(super) const END: usize = 256;
/// The symbol of the shortest length.
pub(super) const FIRST_LENGTH: usize = 257;
/// The shortest and the longest match.
pub(super) const SHORTEST: u32 = 3;
pub(super) const LONGEST: u32 = 258;

/// How many bits follow a length's symbol.
pub(super) const LENGTH_EXTRA: [u8; 29] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];

/// How many bits follow a distance's symbol.
pub(super) const DISTANCE_EXTRA: [u8; DISTANCES] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
];

/// For each length less three, the symbol less 257, and the value of the bits after it.
pub(super) const LENGTHS: [(u8, u8); 256] = {
    let mut table = [(0, 0); 256];
    let (mut symbol, mut length) = (0, 0);
    while symbol < 28 {
        let mut value = 0;
        while value < 1 << LENGTH_EXTRA[symbol] {
            table[length] = (symbol as u8, value as u8);
            length += 1;
            value += 1;
            // The longest has a symbol of its own.
            if length == 256 {
                break;
            }
        }
        symbol += 1;
    }
    table[255] = (28, 0);
    table
};

/// The symbol of a distance less one: twice the highest bit's place, and the bit below it.
///
/// Both stand at the top of the same number as a float, which old processors know quicker than the highest bit.
#[inline]
pub(super) fn distance(less_one: u32) -> u32 {
    // Exact: below 2^15.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_wrap,
        reason = "below 2^15"
    )]
    let symbol = ((less_one as i32 as f32).to_bits() >> 22).wrapping_sub(254);
    if less_one < 2 { less_one } else { symbol }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_have_the_symbols_of_the_format() {
        let mut less_one = 0;
        for (symbol, extra) in DISTANCE_EXTRA.iter().enumerate() {
            for _ in 0..1 << extra {
                assert_eq!(distance(less_one) as usize, symbol, "{less_one}");
                less_one += 1;
            }
        }
        assert_eq!(less_one, 1 << 15);
    }

    #[test]
    fn lengths_have_the_symbols_of_the_format() {
        assert_eq!(LENGTHS[0], (0, 0));
        assert_eq!(LENGTHS[11 - 3], (8, 0));
        assert_eq!(LENGTHS[12 - 3], (8, 1));
        assert_eq!(LENGTHS[257 - 3], (27, 30));
        assert_eq!(LENGTHS[258 - 3], (28, 0));
    }
}
