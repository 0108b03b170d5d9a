//! Reads soundings from a CSV file and prints them as SQL.
use std::io::{self, BufRead};

fn main() {
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let mut fields = line.split(',');
        if let (Some(at), Some(depth)) = (fields.next(), fields.next()) {
            println!("insert into sounding values ('{at}', {depth});");
        }
    }
}
