//! Lists the kinds of stone.

fn main() {
    for kind in ["basalt", "gravel"] {
        println!("{kind}\t{}", stones::price(kind, 1).unwrap_or_default());
    }
}
