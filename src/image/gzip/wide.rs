//! Writes eight tokens at a time, on processors that have registers of 512 bits and can look up in them.
//!
//! Takes what `encode` takes and gives the same bits; everything that is compiled into [`Wide::blocks`] is compiled for such
//! a processor. Never: an address that is computed, or a byte in memory that isn't part of an array named here.
//!
//! # Why it is unsafe, and why it holds
//!
//! - A processor without these instructions would stop at them. [`Wide`] is made by [`Wide::find`] alone, which asks the
//!   processor for every one of them.
//! - Arrays of numbers become registers and registers arrays ([`load`], [`store`]): both are 64 bytes, which the compiler
//!   checks, and any bits are numbers.
//!
//! # How it goes
//!
//! The codes of all literals are in eight registers and how many bits they have in four: a lookup is a permutation of them,
//! which needs no memory. Codes are then put together in pairs, and pairs in fours, each shifted by the bits before it. What is
//! left for one after another is eight numbers of bits at once.
#![expect(
    unsafe_code,
    reason = "instructions that not every processor has: see above"
)]
#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::many_single_char_names,
    reason = "places are those of arrays whose lengths are in their types, or were checked; numbers of bits are small; registers that differ by their place only"
)]

use std::arch::x86_64::{
    __m512i, __mmask16, __mmask32, _mm512_add_epi64, _mm512_and_si512, _mm512_andnot_si512,
    _mm512_cmpge_epu16_mask, _mm512_cmpgt_epu64_mask, _mm512_loadu_si512, _mm512_madd_epi16,
    _mm512_mask_blend_epi16, _mm512_maskz_mov_epi16, _mm512_maskz_permutex2var_epi32,
    _mm512_or_si512, _mm512_permutex2var_epi8, _mm512_permutex2var_epi16,
    _mm512_permutex2var_epi64, _mm512_sad_epu8, _mm512_set_epi64, _mm512_set1_epi16,
    _mm512_set1_epi32, _mm512_set1_epi64, _mm512_set4_epi32, _mm512_setzero_si512,
    _mm512_shuffle_epi8, _mm512_sllv_epi32, _mm512_sllv_epi64, _mm512_srli_epi32,
    _mm512_srli_epi64, _mm512_storeu_si512, _mm512_sub_epi64, _mm512_test_epi16_mask,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};
use std::array;

use super::encode::{Code, Codes, MOST, Writer};
use super::parse::Parser;
use super::token::Token;

/// A processor that has the instructions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wide(());

impl Wide {
    /// If this one is such a processor.
    pub(super) fn find() -> Option<Self> {
        let all = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt");
        all.then_some(Wide(()))
    }

    /// Appends a piece, as [`super::blocks`] does.
    #[expect(clippy::unused_self, reason = "who has it may call this")]
    pub(super) fn blocks(self, parser: &mut Parser, piece: &[u8], output: &mut Vec<u8>) {
        // SAFETY: `self` says that the processor has all that `find` asks for, which is what `blocks` is compiled for.
        unsafe { blocks(parser, piece, output) }
    }

    /// Writes tokens by eights; how many there were.
    #[cfg(test)]
    #[expect(clippy::unused_self, reason = "who has it may call this")]
    pub(super) fn eights(self, tokens: &[Token], codes: &Codes, writer: &mut Writer<'_>) -> usize {
        // SAFETY: as above.
        unsafe { eights(tokens, codes, writer) }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx2,bmi1,bmi2,lzcnt")]
fn blocks(parser: &mut Parser, piece: &[u8], output: &mut Vec<u8>) {
    super::blocks(parser, piece, output, |tokens, codes, writer| {
        eights(tokens, codes, writer)
    });
}

/// Writes tokens by eights; how many there were.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi1,bmi2,lzcnt")]
fn eights(tokens: &[Token], codes: &Codes, writer: &mut Writer<'_>) -> usize {
    let tables = Tables::new(codes);
    let mut stage = Stage::new();
    let (eights, rest) = tokens.as_chunks::<8>();
    for eight in eights {
        let tokens = load(&eight.map(|token| token.0));
        let literals = tables.literals(tokens);
        let matched = tables.matched(tokens);
        let both = literals.then(&matched);
        if both.is_short() {
            stage.push(&both);
        } else {
            let (first, second) = literals.by_turns(&matched);
            stage.push(&first);
            stage.push(&second);
        }
        if stage.filled + 16 > STAGE {
            stage.write(writer);
        }
    }
    stage.write(writer);
    tokens.len() - rest.len()
}

/// 64 bytes of an array of numbers.
#[target_feature(enable = "avx512f")]
#[inline]
fn load<T: Number, const LENGTH: usize>(numbers: &[T; LENGTH]) -> __m512i {
    const { assert!(size_of::<T>() * LENGTH == 64) };
    // SAFETY: all 64 bytes are the array's, and need not be aligned.
    unsafe { _mm512_loadu_si512(numbers.as_ptr().cast()) }
}

/// What is nothing but bits, without any between.
trait Number: Copy {}
impl Number for u8 {}
impl Number for u16 {}
impl Number for u32 {}
impl Number for u64 {}

/// Eight numbers of bits, lowest first, and how many each has.
struct Bits {
    bits: __m512i,
    counts: __m512i,
}

impl Bits {
    /// Each with the one of `next` after it.
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn then(&self, next: &Bits) -> Bits {
        Bits {
            bits: _mm512_or_si512(self.bits, _mm512_sllv_epi64(next.bits, self.counts)),
            counts: _mm512_add_epi64(self.counts, next.counts),
        }
    }

    /// Whether all can be written at once.
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn is_short(&self) -> bool {
        _mm512_cmpgt_epu64_mask(self.counts, _mm512_set1_epi64(MOST as i64)) == 0
    }

    /// One after the other of both: the first four of each, and the last.
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn by_turns(&self, other: &Bits) -> (Bits, Bits) {
        let (bits, more_bits) = by_turns(self.bits, other.bits);
        let (counts, more_counts) = by_turns(self.counts, other.counts);
        (
            Bits { bits, counts },
            Bits {
                bits: more_bits,
                counts: more_counts,
            },
        )
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn by_turns(one: __m512i, other: __m512i) -> (__m512i, __m512i) {
    // Those at even places of both, and those at odd ones.
    let even = _mm512_unpacklo_epi64(one, other);
    let odd = _mm512_unpackhi_epi64(one, other);
    (
        _mm512_permutex2var_epi64(even, _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0), odd),
        _mm512_permutex2var_epi64(even, _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4), odd),
    )
}

/// The codes of a block in registers.
struct Tables {
    /// Of literals, 32 in each.
    literals: [__m512i; 8],
    /// How many bits these have, 64 in each.
    counts: [__m512i; 4],
    /// Of lengths and distances, 16 in each: see [`entry`].
    lengths: [__m512i; 2],
    distances: [__m512i; 2],
}

/// A code of at most 15 bits; from bit 16 how many bits it has, and from bit 24 with those that follow.
fn entry((code, follow): (Code, u32)) -> u32 {
    let count = code & 255;
    code >> 8 | count << 16 | (count + follow) << 24
}

impl Tables {
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    #[inline]
    fn new(codes: &Codes) -> Self {
        let literals: [[u16; 32]; 8] = array::from_fn(|register| {
            array::from_fn(|place| (codes.literals[register * 32 + place] >> 8) as u16)
        });
        let counts: [[u8; 64]; 4] = array::from_fn(|register| {
            array::from_fn(|place| (codes.literals[register * 64 + place] & 255) as u8)
        });
        let entries = |codes: &[(Code, u32); 32]| -> [[u32; 16]; 2] {
            array::from_fn(|register| array::from_fn(|place| entry(codes[register * 16 + place])))
        };
        Tables {
            literals: literals.map(|codes| load(&codes)),
            counts: counts.map(|counts| load(&counts)),
            lengths: entries(&codes.lengths).map(|entries| load(&entries)),
            distances: entries(&codes.distances).map(|entries| load(&entries)),
        }
    }

    /// The literals of eight tokens, up to four of each.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    #[inline]
    fn literals(&self, tokens: __m512i) -> Bits {
        // In each of 32 places of 16 bits a byte of a token: its four, one after another.
        let spread = _mm512_set4_epi32(
            0x800b_800a_u32 as i32,
            0x8009_8008_u32 as i32,
            0x8003_8002_u32 as i32,
            0x8001_8000_u32 as i32,
        );
        let bytes = _mm512_shuffle_epi8(tokens, spread);
        let there = there(tokens);
        let upper = _mm512_test_epi16_mask(bytes, _mm512_set1_epi16(0x80));
        let second = _mm512_test_epi16_mask(bytes, _mm512_set1_epi16(0x40));
        let [a, b, c, d, e, f, g, h] = self.literals;
        let codes = choose(
            upper,
            choose(
                second,
                _mm512_permutex2var_epi16(a, bytes, b),
                _mm512_permutex2var_epi16(c, bytes, d),
            ),
            choose(
                second,
                _mm512_permutex2var_epi16(e, bytes, f),
                _mm512_permutex2var_epi16(g, bytes, h),
            ),
        );
        let [a, b, c, d] = self.counts;
        let counts = choose(
            upper,
            _mm512_permutex2var_epi8(a, bytes, b),
            _mm512_permutex2var_epi8(c, bytes, d),
        );
        // The upper half of each place was looked up, too.
        let counts = _mm512_and_si512(counts, _mm512_set1_epi16(0xff));
        fours(
            _mm512_maskz_mov_epi16(there, codes),
            _mm512_maskz_mov_epi16(there, counts),
        )
    }

    /// The matches of eight tokens.
    #[target_feature(enable = "avx512f")]
    #[inline]
    fn matched(&self, tokens: __m512i) -> Bits {
        // Of the places only the lowest five bits count, and only in the lower half of each token.
        const LOWER: __mmask16 = 0x5555;
        let [a, b] = self.lengths;
        let length = _mm512_srli_epi64::<57>(tokens);
        let length = _mm512_maskz_permutex2var_epi32(LOWER, a, length, b);
        let [a, b] = self.distances;
        let distance = _mm512_srli_epi64::<52>(tokens);
        let distance = _mm512_maskz_permutex2var_epi32(LOWER, a, distance, b);
        follow(length, _mm512_srli_epi64::<47>(tokens))
            .then(&follow(distance, _mm512_srli_epi64::<32>(tokens)))
    }
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn choose(upper: __mmask32, low: __m512i, high: __m512i) -> __m512i {
    _mm512_mask_blend_epi16(upper, low, high)
}

/// Which bytes of eight tokens are literals.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn there(tokens: __m512i) -> __mmask32 {
    // A token's highest byte is the number of literals and then the length's symbol: so the first byte is a literal from 0x40
    // on, the second from 0x80 and the third from 0xc0, and the fourth where it is 3 and no symbol.
    let least = _mm512_set1_epi64(0x00fe_00c0_0080_0040);
    let highest = _mm512_set4_epi32(
        0x800f_800f_u32 as i32,
        0x800f_800f_u32 as i32,
        0x8007_8007_u32 as i32,
        0x8007_8007_u32 as i32,
    );
    _mm512_cmpge_epu16_mask(_mm512_shuffle_epi8(tokens, highest), least)
}

/// Codes of 16 bits put together by four.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn fours(codes: __m512i, counts: __m512i) -> Bits {
    let low = _mm512_set1_epi32(0xffff);
    let second = _mm512_srli_epi32::<16>(codes);
    let pairs = _mm512_or_si512(
        _mm512_and_si512(codes, low),
        _mm512_sllv_epi32(second, _mm512_and_si512(counts, low)),
    );
    let of_pairs = _mm512_madd_epi16(counts, _mm512_set1_epi16(1));
    let low = _mm512_set1_epi64(0xffff_ffff);
    let second = _mm512_srli_epi64::<32>(pairs);
    Bits {
        bits: _mm512_or_si512(
            _mm512_and_si512(pairs, low),
            _mm512_sllv_epi64(second, _mm512_and_si512(of_pairs, low)),
        ),
        counts: _mm512_sad_epu8(counts, _mm512_setzero_si512()),
    }
}

/// Codes, and after each as many of the lowest bits of a value as its entry says.
#[target_feature(enable = "avx512f")]
#[inline]
fn follow(entries: __m512i, values: __m512i) -> Bits {
    let counts = _mm512_srli_epi64::<24>(entries);
    let own = _mm512_and_si512(_mm512_srli_epi64::<16>(entries), _mm512_set1_epi64(0xff));
    let above = _mm512_sllv_epi64(_mm512_set1_epi64(-1), _mm512_sub_epi64(counts, own));
    let values = _mm512_andnot_si512(above, values);
    let code = _mm512_and_si512(entries, _mm512_set1_epi64(0xffff));
    Bits {
        bits: _mm512_or_si512(code, _mm512_sllv_epi64(values, own)),
        counts,
    }
}

/// How many numbers of bits are made before they are written: registers that are stored and read at once would be waited for.
const STAGE: usize = 64;

/// Numbers of bits that wait to be written.
struct Stage {
    bits: [u64; STAGE],
    counts: [u64; STAGE],
    filled: usize,
}

impl Stage {
    fn new() -> Self {
        Stage {
            bits: [0; STAGE],
            counts: [0; STAGE],
            filled: 0,
        }
    }

    #[target_feature(enable = "avx512f")]
    #[inline]
    fn push(&mut self, some: &Bits) {
        let places = self.filled..self.filled + 8;
        store(some.bits, &mut self.bits[places.clone()]);
        store(some.counts, &mut self.counts[places]);
        self.filled += 8;
    }

    /// Writes them all.
    #[inline]
    fn write(&mut self, writer: &mut Writer<'_>) {
        writer.put_all(&self.bits[..self.filled], &self.counts[..self.filled]);
        self.filled = 0;
    }
}

/// To the first eight of `to`.
#[target_feature(enable = "avx512f")]
#[inline]
fn store(numbers: __m512i, to: &mut [u64]) {
    let to = &mut to[..8];
    // SAFETY: `to` has eight numbers of eight bytes, which need not be aligned.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), numbers) }
}
