use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
pub struct Reading {
    pub hectopascal: f64,
}

pub fn falling(before: &Reading, now: &Reading) -> bool {
    before.hectopascal - now.hectopascal > 1.5
}
