//! Fetches soundings once and prints them; run by hand, or by cron.

fn main() {
    let Some(station) = std::env::args().nth(1) else {
        eprintln!("usage: skylark-fetch STATION");
        std::process::exit(2);
    };
    println!("{station}: no sounding yet");
}
