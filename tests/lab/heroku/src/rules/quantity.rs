//! The grammar of dyno quantities.
//!
//! Takes what a client sends for `quantity` (a number, a string of digits, or a relative `"+1"` or `"-1"`) and gives the
//! number of dynos to run. Never decides whether the app may have that many.

use serde_json::Value;

/// No formation of ours needs more, and a typing mistake must not start thousands of containers.
pub const MOST: u32 = 100;

/// The quantity that `wanted` asks for, seen from `current`; `None` when it isn't a quantity.
pub fn resolve(wanted: &Value, current: u32) -> Option<u32> {
    let quantity = match wanted {
        Value::Number(number) => u32::try_from(number.as_u64()?).ok()?,
        Value::String(text) => from_text(text, current)?,
        _ => return None,
    };
    (quantity <= MOST).then_some(quantity)
}

fn from_text(text: &str, current: u32) -> Option<u32> {
    if let Some(more) = text.strip_prefix('+') {
        return current.checked_add(digits(more)?);
    }
    if let Some(fewer) = text.strip_prefix('-') {
        return Some(current.saturating_sub(digits(fewer)?));
    }
    digits(text)
}

/// Plain digits only: `str::parse` alone would also take a second sign.
fn digits(text: &str) -> Option<u32> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absolute_and_relative_quantities() {
        assert_eq!(resolve(&json!(2), 0), Some(2));
        assert_eq!(resolve(&json!("2"), 7), Some(2));
        assert_eq!(resolve(&json!("+1"), 1), Some(2));
        assert_eq!(resolve(&json!("-1"), 3), Some(2));
        assert_eq!(resolve(&json!("-5"), 1), Some(0));
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            json!(""),
            json!("one"),
            json!("+"),
            json!("--1"),
            json!("+-1"),
            json!(-1),
            json!(1.5),
            json!(null),
            json!(101),
            json!("99999999999"),
        ] {
            assert_eq!(resolve(&bad, 1), None, "{bad}");
        }
    }
}
