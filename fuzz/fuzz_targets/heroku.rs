//! What the Platform API answers.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nixdyno::heroku::{Account, App, Dyno, Formation, Release};
use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned>(bytes: &[u8]) {
    let _ = serde_json::from_slice::<T>(bytes);
    let _ = serde_json::from_slice::<Vec<T>>(bytes);
}

fuzz_target!(|bytes: &[u8]| {
    read::<Account>(bytes);
    read::<App>(bytes);
    read::<Dyno>(bytes);
    read::<Formation>(bytes);
    read::<Release>(bytes);
});
