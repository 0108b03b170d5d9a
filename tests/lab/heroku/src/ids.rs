//! Ids, times and the one account there is.
//!
//! Gives fresh values. Never fails: ids need to be distinct, not secret, so the standard library's hash seeds will do.

use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::Timestamp;

/// The account that owns every app.
pub const EMAIL: &str = "loopback@example.com";
/// Its id.
pub const ACCOUNT: &str = "01234567-89ab-4def-8123-456789abcdef";

/// 128 bits that differ from call to call.
pub fn random() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    half() << 64 | half()
}

/// A number in `low..high`, or `low` when that is empty.
pub fn between(low: u32, high: u32) -> u32 {
    let width = u128::from(high.saturating_sub(low)).max(1);
    low + u32::try_from(random() % width).unwrap_or_default()
}

/// A version 4 UUID.
pub fn uuid() -> String {
    let bits = random() & !(0xf << 76) | 4 << 76;
    from_bits(bits & !(0b11 << 62) | 0b10 << 62)
}

/// The id that always belongs to `name`: stacks, regions and sizes keep theirs from run to run.
pub fn named(name: &str) -> String {
    let fold = |hash: u128, byte: u8| {
        (hash ^ u128::from(byte))
            .wrapping_mul(0x0100_0000_01b3)
            .rotate_left(29)
    };
    from_bits(
        name.bytes()
            .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, fold),
    )
}

fn from_bits(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ]
    .join("-")
}

/// Now, as the API writes times.
pub fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Now, as logplex writes times.
pub fn log_time() -> String {
    Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_look_right_and_differ() {
        let (one, two) = (uuid(), uuid());
        assert_ne!(one, two);
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(one.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&one.as_bytes()[19]));
        assert_eq!(named("us"), named("us"));
        assert_ne!(named("us"), named("eu"));
    }

    #[test]
    fn times_look_right() {
        assert_eq!(now().len(), "2026-01-02T03:04:05Z".len());
        assert_eq!(log_time().len(), "2026-01-02T03:04:05.000006+00:00".len());
    }
}
