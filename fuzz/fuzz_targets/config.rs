//! A nixdyno.toml of any bytes, read as it is from disk.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nixdyno::settings::Config;

fuzz_target!(|bytes: &[u8]| {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), bytes).expect("a file");
    let loaded = Config::load(std::path::Path::new("."), Some(file.path()));
    let parsed = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| toml::from_str::<Config>(text).ok());
    assert_eq!(loaded.ok(), parsed);
});
