//! The bytes of a layer, whatever they are: what is compressed reads back the same, and hardly grows.
//!
//! The input's first byte says how long pieces are.

#![no_main]

use std::io::Read;

use flate2::read::GzDecoder;
use libfuzzer_sys::fuzz_target;
use nixdyno::image::gzip::{Compressor, Crc, HEAD, Level, tail};

fuzz_target!(|bytes: &[u8]| {
    let Some((length, bytes)) = bytes.split_first() else {
        return;
    };
    let length = 16 << (length % 16);
    for level in Level::ALL {
        let mut compressor = Compressor::new(level);
        let mut made = HEAD.to_vec();
        let mut crc = Crc::default();
        for piece in bytes.chunks(length) {
            compressor.piece(piece, &mut made);
            crc = crc.then(Crc::of(piece));
        }
        made.extend(tail(crc.value(), bytes.len() as u64));
        let most = bytes.len() + bytes.len() / 1000 + 64 + 16 * bytes.len().div_ceil(length);
        assert!(made.len() <= most, "{} of {}", made.len(), bytes.len());
        let mut back = Vec::new();
        GzDecoder::new(&made[..])
            .read_to_end(&mut back)
            .expect("a gzip file");
        assert!(back == bytes, "read back otherwise");
    }
});
