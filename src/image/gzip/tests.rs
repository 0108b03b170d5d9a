use std::io::Read;

use flate2::read::GzDecoder;
use miniz_oxide::inflate;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

/// The file of pieces of `length`, each made by a compressor that has made others before.
fn in_pieces(level: Level, input: &[u8], length: usize) -> Vec<u8> {
    let mut compressor = Compressor::new(level);
    let mut output = HEAD.to_vec();
    let mut crc = Crc::of(&[]);
    for piece in input.chunks(length) {
        compressor.piece(piece, &mut output);
        crc = crc.then(Crc::of(piece));
    }
    output.extend(tail(crc.value(), input.len() as u64));
    output
}

/// The blocks of pieces of `length`, by each way that this processor has.
fn by_all_ways(input: &[u8], length: usize) -> Vec<Vec<u8>> {
    let of = |way: Way| {
        let mut compressor = Compressor(Kind::Fast(Box::new(Parser::new()), way));
        let mut output = Vec::new();
        for piece in input.chunks(length) {
            compressor.piece(piece, &mut output);
        }
        output
    };
    Way::all().map(of).collect()
}

/// Two decoders read it back, and incompressible bytes hardly grow.
fn check(level: Level, input: &[u8], length: usize) {
    let made = in_pieces(level, input, length);
    if level == Level::Fast {
        // Of a processor that has one way only, `bytes_stay_as_they_were` knows that it gives what all others give.
        for way in by_all_ways(input, length) {
            assert!(
                way == made[HEAD.len()..made.len() - 10],
                "another way gives other bytes"
            );
        }
    }
    let mut back = Vec::new();
    GzDecoder::new(&made[..]).read_to_end(&mut back).unwrap();
    assert!(back == input, "read back otherwise");
    let blocks = &made[HEAD.len()..made.len() - 8];
    assert!(
        inflate::decompress_to_vec(blocks).unwrap() == input,
        "read back otherwise by miniz"
    );
    let pieces = input.len().div_ceil(length.min(PIECE));
    assert!(
        made.len() <= input.len() + input.len() / 1000 + 64 + 16 * pieces,
        "{} of {}",
        made.len(),
        input.len()
    );
}

/// Bytes without any order, the same each time.
fn random(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[4]
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// What is in layers, in small: text, tables, code, zeros, what is compressed already.
fn layer() -> Vec<u8> {
    let mut bytes = Vec::new();
    for round in 0..40u32 {
        bytes.extend(include_bytes!("block.rs"));
        bytes.extend(
            (0..2000 * round)
                .step_by(24)
                .flat_map(|place| [place, 0, 8, place / 3].map(u32::to_le_bytes))
                .flatten(),
        );
        bytes.extend(vec![0; 40 * round as usize]);
        bytes.extend(random(u64::from(round), 700 * round as usize));
        bytes.extend(include_bytes!("parse.rs").iter().rev());
    }
    bytes
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        // No order.
        (any::<u64>(), 0..3000usize).prop_map(|(seed, length)| random(seed, length)),
        // Few kinds of bytes: short and overlapping matches.
        (any::<u64>(), 1..5u8, 0..3000usize).prop_map(|(seed, kinds, length)| random(seed, length)
            .iter()
            .map(|byte| byte % kinds)
            .collect()),
        // Runs, around the longest match and far beyond.
        (any::<u8>(), prop_oneof![0..600usize, 0..200_000usize])
            .prop_map(|(byte, length)| vec![byte; length]),
        // The same again and again, with any period.
        (any::<u64>(), 1..400usize, 0..300usize)
            .prop_map(|(seed, period, times)| random(seed, period).repeat(times)),
        // The same from as far as a match reaches, and a little farther.
        (any::<u64>(), 32_760..32_776usize).prop_map(|(seed, apart)| random(seed, apart)
            .iter()
            .copied()
            .cycle()
            .take(apart + 50)
            .collect()),
        "[a-z ]{0,200}(\\{[a-z]{3}\\}\n){0,40}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_goes_in_comes_out(input in bytes(), length in prop_oneof![1000..5000usize, Just(PIECE), Just(2 * PIECE)]) {
        check(Level::Fast, &input, length);
        check(Level::Small, &input, length);
    }

    #[test]
    fn short_pieces_too(input in prop::collection::vec(0..3u8, 0..80), length in 1..80usize) {
        check(Level::Fast, &input, length);
        check(Level::Small, &input, length);
    }
}

#[test]
fn more_than_a_piece_is_several() {
    let input = layer();
    assert!(input.len() > PIECE);
    for level in Level::ALL {
        check(level, &input, input.len());
        assert!(whole(level, &input) == in_pieces(level, &input, PIECE));
    }
}

/// Each symbol of lengths and distances, and codes as long as they get.
#[test]
fn rare_symbols_have_long_codes() {
    let mut input = Vec::new();
    for (place, byte) in (0..=255u8).enumerate() {
        input.extend(std::iter::repeat_n([byte, byte ^ 0x55], 1 << (place % 16)).flatten());
        input.extend(random(place as u64, place));
        let from = input.len().saturating_sub(1 << (place % 15));
        input.extend_from_within(from..(from + 3 + place).min(input.len()));
    }
    check(Level::Fast, &input, input.len());
}

#[test]
fn nothing_is_an_empty_file() {
    for level in Level::ALL {
        let made = whole(level, &[]);
        assert_eq!(made.len(), 20);
        assert_eq!(GzDecoder::new(&made[..]).read(&mut [0]).unwrap(), 0);
    }
}

#[test]
fn what_was_before_changes_nothing() {
    let input = layer();
    for level in Level::ALL {
        let mut used = Compressor::new(level);
        let (mut first, mut again) = (Vec::new(), Vec::new());
        used.piece(&input, &mut first);
        used.piece(&input[7..], &mut Vec::new());
        used.piece(&input, &mut again);
        assert!(first == again);
    }
}

#[test]
fn zeros_and_noise() {
    let zeros = whole(Level::Fast, &vec![0; 4 * PIECE]);
    assert!(zeros.len() < 4 * PIECE / 500, "{}", zeros.len());
    let noise = random(7, 4 * PIECE);
    let made = whole(Level::Fast, &noise);
    assert!(
        made.len() < noise.len() + noise.len() / 1000 + 64,
        "{}",
        made.len()
    );
}

/// A layer that a registry has is not sent again as long as its bytes stay as they are. If this test fails, everybody sends
/// every layer once more after an update: for a gain in size or time that may be right, by chance never.
#[test]
fn bytes_stay_as_they_were() {
    let mut input: Vec<u8> = Vec::new();
    for round in 0..300u32 {
        input.extend(
            format!(
                "/nix/store/{:08x}-name-{}/lib/lib{}.so\n",
                round.wrapping_mul(0x9E37_79B1),
                round % 17,
                round % 5
            )
            .bytes(),
        );
        input.extend(
            (0..round)
                .flat_map(|place| [place * 24, 8, place ^ round].map(u32::to_le_bytes))
                .flatten(),
        );
        input.extend(random(u64::from(round), 500));
        input.extend(vec![0; 2000]);
    }
    let hashes = Level::ALL.map(|level| {
        let made = whole(level, &input);
        let digest = Sha256::digest(&made);
        let mut digits = [0; 8];
        digits.copy_from_slice(&digest[..8]);
        let digits = format!("{:016x}", u64::from_be_bytes(digits));
        format!("{level}: {} of {} bytes, {digits}", made.len(), input.len())
    });
    insta::assert_snapshot!(hashes.join("\n"));
}

#[test]
fn levels_have_their_names_everywhere() {
    for level in Level::ALL {
        assert_eq!(serde_json::to_value(level).unwrap(), level.to_string());
    }
}
