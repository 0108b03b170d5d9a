//! Bytes of a stream into lines: plain text, or the `data:` of server-sent events.

use std::io::{BufRead, BufReader, Read};

use crate::shell::interrupt;

use super::Failure;

/// A line longer than this is shown in pieces, so that a stream without line ends can't fill the memory.
const LONGEST: u64 = 64 * 1024;

/// Hands every line to `line` until the stream ends, or `line` wants no more.
///
/// Errors: the stream broke, or Ctrl-C.
pub(super) fn each_line(
    stream: impl Read,
    events: bool,
    line: &mut dyn FnMut(&str) -> bool,
) -> Result<(), Failure> {
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    loop {
        interrupt::check().map_err(Failure::Stopped)?;
        bytes.clear();
        let read = reader.by_ref().take(LONGEST).read_until(b'\n', &mut bytes);
        // What came before the break is shown, too.
        if !bytes.is_empty() {
            let text = String::from_utf8_lossy(&bytes);
            let text = text.trim_end_matches(['\n', '\r']);
            if visible(text, events).is_some_and(|shown| !line(shown)) {
                return Ok(());
            }
        }
        match read {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) => {
                return Err(Failure::Network {
                    what: error.to_string(),
                    sent: true,
                });
            }
        }
    }
}

/// The part of a line that is shown. Of events only the data: ids, names and comments are not output.
fn visible(text: &str, events: bool) -> Option<&str> {
    if !events {
        return Some(text);
    }
    let data = text.strip_prefix("data:")?;
    Some(data.strip_prefix(' ').unwrap_or(data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(bytes: &[u8], events: bool) -> Vec<String> {
        let mut seen = Vec::new();
        each_line(bytes, events, &mut |line| {
            seen.push(line.to_owned());
            true
        })
        .unwrap();
        seen
    }

    #[test]
    fn text_and_events() {
        assert_eq!(lines(b"a\r\n\nb", false), ["a", "", "b"]);
        let events = b"id: 1\nevent: x\ndata: a\ndata:b\n\n: ping\ndata: \n";
        assert_eq!(lines(events, true), ["a", "b", ""]);
    }

    #[test]
    fn an_endless_line_comes_in_pieces() {
        let long = vec![b'x'; 150_000];
        assert_eq!(lines(&long, false).len(), 3);
    }

    #[test]
    fn it_ends_where_nobody_listens() {
        let mut seen = 0;
        let endless = std::io::repeat(b'\n');
        each_line(endless, false, &mut |_| {
            seen += 1;
            seen < 3
        })
        .unwrap();
        assert_eq!(seen, 3);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), events: bool) {
            lines(&bytes, events);
        }
    }
}
