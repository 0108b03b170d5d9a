use std::io::{stdin, BufRead};

/// Sorts names from standard input, one a line, without doubles.
fn main() {
    let mut guests: Vec<String> = stdin().lock().lines().map_while(Result::ok).collect();
    guests.sort();
    guests.dedup();
    for guest in guests {
        println!("{guest}");
    }
}
