//! Prints the price of an order.

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [kind, tonnes] = words.as_slice() else {
        eprintln!("usage: qprice KIND TONNES");
        std::process::exit(2);
    };
    println!("{:?}", stones::price(kind, tonnes.parse().unwrap_or(0)));
}
