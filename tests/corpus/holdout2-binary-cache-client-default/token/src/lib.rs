/// The part before the dot says whose token it is.
pub fn subject(token: &str) -> Option<&str> {
    token.split_once('.').map(|(subject, _)| subject)
}

pub fn valid(header: &str, secret: &str) -> bool {
    header
        .strip_prefix("Bearer ")
        .and_then(|token| token.split_once('.'))
        .is_some_and(|(_, mark)| mark == secret)
}
