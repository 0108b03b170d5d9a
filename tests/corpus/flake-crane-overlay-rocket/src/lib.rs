/// Millimetres below the moss.
pub fn level(bog: &str) -> Option<u32> {
    (bog == "north").then_some(120)
}
