//! Names are made by parsing only: what one is shown as must parse to the same name.

#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use nixdyno::names::{AppName, AttrPath, Digest, ImageRef, ProcessType, ProgramName};
use nixdyno::plan::Route;

fn round_trip<N: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(name) = text.parse::<N>() {
        let again = name.to_string().parse::<N>().ok();
        assert_eq!(again, Some(name));
    }
}

fuzz_target!(|text: &str| {
    round_trip::<AppName>(text);
    round_trip::<AttrPath>(text);
    round_trip::<Digest>(text);
    round_trip::<ImageRef>(text);
    round_trip::<ProcessType>(text);
    round_trip::<ProgramName>(text);
    round_trip::<Route>(text);
    // An image stands in a Dockerfile's FROM: nothing in it may end the line or begin a word.
    if let Ok(image) = text.parse::<ImageRef>() {
        let plain = |c: char| c.is_ascii_graphic() && !"$`\"'\\#<>|;&*?".contains(c);
        assert!(image.as_str().chars().all(plain), "{image}");
    }
});
