//! Reads old readings from a file and says when the bot would have tooted.

use squall::{falling, Reading};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).expect("usage: squall-replay FILE");
    let readings: Vec<Reading> = std::fs::read_to_string(path)?
        .lines()
        .filter_map(|line| line.parse().ok())
        .map(|hectopascal| Reading { hectopascal })
        .collect();
    for (number, pair) in readings.windows(2).enumerate() {
        if falling(&pair[0], &pair[1]) {
            println!("line {}: {}", number + 2, pair[1].hectopascal);
        }
    }
    Ok(())
}
