//! Shell words: how an image's `CMD` becomes a command line, and back.
//!
//! Takes and gives text. Never runs a shell and knows nothing of variables, globs or operators: they stay as they are.

/// `words` as one line that `/bin/sh` splits into the same words again.
pub fn join(words: &[String]) -> String {
    words
        .iter()
        .map(|word| quote(word))
        .collect::<Vec<_>>()
        .join(" ")
}

fn quote(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@%+=:,./_-".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The words of `line`, with quotes and backslashes taken away; an open quote ends with the line.
pub fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut inside: Option<char> = None;
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match (inside, char) {
            (Some(open), close) if open == close => inside = None,
            (Some('\''), other) => word.get_or_insert_default().push(other),
            (_, '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, quote @ ('\'' | '"')) => {
                inside = Some(quote);
                word.get_or_insert_default();
            }
            (None, space) if space.is_whitespace() => words.extend(word.take()),
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn plain_words_stay_bare() {
        assert_eq!(
            join(&words(&["/bin/httpd", "-f", "-p=80"])),
            "/bin/httpd -f -p=80"
        );
    }

    #[test]
    fn the_rest_is_quoted() {
        assert_eq!(
            join(&words(&["sh", "-c", "echo $PORT; it's"])),
            r"sh -c 'echo $PORT; it'\''s'"
        );
        assert_eq!(join(&words(&[""])), "''");
    }

    #[test]
    fn split_undoes_join() {
        for list in [
            vec!["a", "b c", ""],
            vec!["it's", "\"x\"", "\\", "$A"],
            vec![],
        ] {
            assert_eq!(split(&join(&words(&list))), words(&list));
        }
        assert_eq!(split(r#"a "b \" c"  d"#), words(&["a", "b \" c", "d"]));
        assert_eq!(split("open 'quote"), words(&["open", "quote"]));
    }
}
