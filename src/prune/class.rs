//! A bracket of a pattern, `[a-z]`: one byte of a set, never a slash.

/// A set of bytes: some of ASCII, or all bytes but those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class {
    /// A bit for each byte of ASCII.
    named: u128,
    but: bool,
}

/// Which bytes a name stands for.
type Bytes = fn(&u8) -> bool;

/// Every name that `[:name:]` may have.
const NAMES: [(&str, Bytes); 12] = [
    ("alnum", u8::is_ascii_alphanumeric),
    ("alpha", u8::is_ascii_alphabetic),
    ("blank", |byte| matches!(byte, b' ' | b'\t')),
    ("cntrl", u8::is_ascii_control),
    ("digit", u8::is_ascii_digit),
    ("graph", u8::is_ascii_graphic),
    ("lower", u8::is_ascii_lowercase),
    ("print", |byte| matches!(byte, b' '..=b'~')),
    ("punct", u8::is_ascii_punctuation),
    ("space", |byte| matches!(byte, b'\t'..=b'\r' | b' ')),
    ("upper", u8::is_ascii_uppercase),
    ("xdigit", u8::is_ascii_hexdigit),
];

impl Class {
    /// Reads what follows a `[`; gives the class, and how many bytes it took with its `]`.
    ///
    /// Errors: in words, why it is none.
    pub(super) fn read(text: &str) -> Result<(Self, usize), &'static str> {
        let bytes = text.as_bytes();
        let at = |at: usize| bytes.get(at).copied();
        let but = matches!(at(0), Some(b'!' | b'^'));
        let mut class = Class { named: 0, but };
        let mut next = usize::from(but);
        let mut before = None;
        let first = next;
        loop {
            let byte = at(next).ok_or("a `[` has no `]`")?;
            if byte == b']' && next > first {
                return Ok((class, next + 1));
            }
            let end = at(next + 1);
            if byte == b'['
                && end == Some(b':')
                && let Some((name, taken)) = named(text.get(next + 2..).unwrap_or_default())?
            {
                (0..128).filter(name).for_each(|byte| class.add(byte));
                (before, next) = (None, next + 2 + taken);
                continue;
            }
            let to = if byte == b'-' { end } else { None };
            if let (Some(from), Some(to)) = (before, to.filter(|to| *to != b']')) {
                let escaped = usize::from(to == b'\\');
                let to = at(next + 1 + escaped).ok_or("a `[` has no `]`")?;
                ascii(to)?;
                (from..=to).for_each(|byte| class.add(byte));
                (before, next) = (None, next + 2 + escaped);
                continue;
            }
            let escaped = usize::from(byte == b'\\');
            let byte = at(next + escaped).ok_or("a `[` has no `]`")?;
            ascii(byte)?;
            class.add(byte);
            (before, next) = (Some(byte), next + 1 + escaped);
        }
    }

    fn add(&mut self, byte: u8) {
        self.named |= 1_u128.checked_shl(u32::from(byte)).unwrap_or_default();
    }

    fn names(self, byte: u8) -> bool {
        let shifted = self.named.checked_shr(u32::from(byte));
        shifted.is_some_and(|it| it & 1 == 1)
    }

    /// Whether a byte is in it.
    pub(super) fn has(self, byte: u8) -> bool {
        byte != b'/' && self.names(byte) != self.but
    }

    /// As a bracket expression of POSIX; `None` where nothing is in it.
    ///
    /// There a backslash is one byte of many, and the order keeps `]`, `[`, `^` and `-` from meaning anything.
    pub(super) fn posix(mut self) -> Option<String> {
        if self.but {
            self.add(b'/');
        }
        let has = |byte: u8| self.names(byte) && (self.but || byte != b'/');
        let special =
            |byte: u8| matches!(byte, b']' | b'[' | b'^' | b'-') || byte.is_ascii_control();
        let mut inside = String::new();
        if has(b']') {
            inside.push(']');
        }
        for byte in (1..128).filter(|byte| has(*byte) && !special(*byte)) {
            // A run of letters or digits as a range, for the eye.
            let alike = |other: u8| {
                has(other)
                    && NAMES.iter().any(|(name, is)| {
                        matches!(*name, "digit" | "lower" | "upper") && is(&byte) && is(&other)
                    })
            };
            match (byte.checked_sub(1).is_some_and(alike), alike(byte + 1)) {
                (true, true) if inside.ends_with('-') => {}
                (true, true) => inside.push('-'),
                _ => inside.push(char::from(byte)),
            }
        }
        // Control characters come by these names only, and a Dockerfile can't hold them.
        let controls = [(1, "[:cntrl:]"), (0x0b, "[:space:]"), (b'\t', "[:blank:]")];
        let control = controls.iter().find(|(byte, _)| has(*byte));
        inside.push_str(control.map_or("", |(_, name)| name));
        let tail = [b'[', b'^', b'-'].into_iter().filter(|byte| has(*byte));
        inside.extend(tail.map(char::from));
        match (self.but, inside.as_str()) {
            (false, "") => None,
            (false, "^") => Some("\\^".to_owned()),
            (false, "^-") => Some("[-^]".to_owned()),
            (false, _) => Some(format!("[{inside}]")),
            (true, _) => Some(format!("[^{inside}]")),
        }
    }
}

/// What `name:]` stands for and its length; `None` where it is no name but bytes of a set.
fn named(text: &str) -> Result<Option<(Bytes, usize)>, &'static str> {
    let (inside, _) = text.split_once(']').ok_or("a `[` has no `]`")?;
    let Some(name) = inside.strip_suffix(':') else {
        return Ok(None);
    };
    let known = NAMES.iter().find(|(known, _)| *known == name);
    let (_, is) = known.ok_or("a `[:name:]` is none of POSIX")?;
    Ok(Some((*is, inside.len() + 1)))
}

fn ascii(byte: u8) -> Result<(), &'static str> {
    let why = "a bracket stands for one byte, and a letter outside of ASCII has several";
    byte.is_ascii().then_some(()).ok_or(why)
}
