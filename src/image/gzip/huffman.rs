//! Codes of least length for how often symbols occur.
//!
//! Takes counts; gives lengths of codes no longer than asked for, and the codes themselves. Never: a code of which no bits
//! can be told apart, or of one symbol only, which some decoders refuse.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "places are those of lists as long as asked for; symbols and lengths are small"
)]

use super::symbols::LITERALS;

/// How many bits a symbol needs.
const SYMBOL: u32 = 9;

fn symbol(key: u32) -> usize {
    (key & ((1 << SYMBOL) - 1)) as usize
}

/// Writes how long each symbol's code is; 0 where it doesn't occur.
pub(super) fn lengths(counts: &[u32], longest: usize, lengths: &mut [u8]) {
    // A count above its symbol is one number: quick to sort. A block has fewer than 2^23 bytes.
    let mut order = [0u32; LITERALS];
    let mut used = 0;
    // Without asking whether it occurs: that would be guessed wrong too often.
    for (symbol, count) in (0..).zip(counts) {
        order[used] = count << SYMBOL | symbol;
        used += usize::from(*count > 0);
    }
    for spare in 0..2 {
        let is_spare = |key: &u32| symbol(*key) == spare as usize;
        if used < 2 && !order[..used].iter().any(is_spare) {
            order[used] = 1 << SYMBOL | spare;
            used += 1;
        }
    }
    let order = &mut order[..used];
    order.sort_unstable();
    let mut depths = [0u32; LITERALS];
    let depths = &mut depths[..used];
    for (depth, key) in depths.iter_mut().zip(&*order) {
        *depth = key >> SYMBOL;
    }
    weights_to_depths(depths);
    let mut of_length = [0u32; 16];
    for depth in &*depths {
        of_length[(*depth as usize).min(longest)] += 1;
    }
    mend(&mut of_length, longest);
    lengths.fill(0);
    let mut rarest_first = order.iter();
    for length in (1..=longest).rev() {
        for key in rarest_first.by_ref().take(of_length[length] as usize) {
            lengths[symbol(*key)] = length as u8;
        }
    }
}

/// Makes codes fit that were cut at the longest: for each one too many, a shorter one becomes two longer ones.
fn mend(of_length: &mut [u32; 16], longest: usize) {
    let taken = |of_length: &[u32; 16]| -> u32 {
        (1..=longest)
            .map(|length| of_length[length] << (longest - length))
            .sum()
    };
    for _ in 1 << longest..taken(of_length) {
        of_length[longest] -= 1;
        if let Some(shorter) = (1..longest).rev().find(|length| of_length[*length] > 0) {
            of_length[shorter] -= 1;
            of_length[shorter + 1] += 2;
        }
    }
}

/// In place: weights in rising order become depths of a Huffman tree in falling order. At least two weights.
///
/// After Moffat and Katajainen, "In-place calculation of minimum-redundancy codes" (1995).
fn weights_to_depths(weights: &mut [u32]) {
    let count = weights.len();
    // Inner nodes take the places of leaves that are used up, and then hold their parent's place.
    let (mut inner, mut leaf) = (0, 0);
    for next in 0..count - 1 {
        let mut sum = 0;
        for _ in 0..2 {
            if leaf >= count || (inner < next && weights[inner] < weights[leaf]) {
                sum += weights[inner];
                weights[inner] = next as u32;
                inner += 1;
            } else {
                sum += weights[leaf];
                leaf += 1;
            }
        }
        weights[next] = sum;
    }
    // The parent's place becomes the depth, from the root down.
    weights[count - 2] = 0;
    for node in (0..count - 2).rev() {
        weights[node] = weights[weights[node] as usize] + 1;
    }
    // What a level doesn't use for inner nodes are leaves.
    let (mut free, mut depth, mut inner, mut next) = (1, 0, count - 1, count);
    while free > 0 {
        let mut used = 0;
        while inner > 0 && weights[inner - 1] == depth {
            used += 1;
            inner -= 1;
        }
        for _ in used..free {
            next -= 1;
            weights[next] = depth;
        }
        free = 2 * used;
        depth += 1;
    }
}

/// Writes the codes for lengths as they stand in the stream, the first bit lowest.
pub(super) fn codes(lengths: &[u8], codes: &mut [u16]) {
    let mut of_length = [0u16; 16];
    for length in lengths.iter().filter(|length| **length > 0) {
        of_length[usize::from(*length)] += 1;
    }
    let mut next = [0u16; 16];
    for length in 1..16 {
        next[length] = (next[length - 1] + of_length[length - 1]) << 1;
    }
    for (length, code) in lengths.iter().zip(codes).filter(|(length, _)| **length > 0) {
        let place = &mut next[usize::from(*length)];
        *code = place.reverse_bits() >> (16 - length);
        *place = place.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(counts: &[u32], longest: usize) -> Vec<u8> {
        let mut made = vec![9; counts.len()];
        lengths(counts, longest, &mut made);
        made
    }

    #[test]
    fn what_occurs_often_is_short() {
        assert_eq!(of(&[1, 1, 2, 4, 0, 8], 15), [4, 4, 3, 2, 0, 1]);
        assert_eq!(of(&[0, 0, 7], 15), [1, 0, 1]);
        assert_eq!(of(&[7, 0, 0], 15), [1, 1, 0]);
        assert_eq!(of(&[0, 0, 0], 15), [1, 1, 0]);
    }

    proptest! {
        #[test]
        fn codes_fill_their_room_and_keep_the_limit(
            counts in prop::collection::vec(prop_oneof![Just(0u32), 1..4u32, (0..24u32).prop_map(|p| 1 << p)], 2..286),
            longest in 9..=15usize,
        ) {
            let made = of(&counts, longest);
            let room: u32 = made.iter().filter(|length| **length > 0).map(|length| 1 << (15 - u32::from(*length))).sum();
            prop_assert_eq!(room, 1 << 15);
            prop_assert!(made.iter().all(|length| usize::from(*length) <= longest));
            prop_assert!(counts.iter().zip(&made).all(|(count, length)| *count == 0 || *length > 0));
        }
    }
}
