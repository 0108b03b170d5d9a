/// Price of an order in cents.
pub fn price(kind: &str, tonnes: u64) -> Option<u64> {
    let cents = match kind {
        "basalt" => 4_150,
        "gravel" => 1_200,
        _ => return None,
    };
    Some(cents * tonnes)
}
