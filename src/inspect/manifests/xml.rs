//! Cuts XML into elements, enough for project files.
//!
//! Takes text; gives each element with its path, attributes and the text right after its tag. Entities,
//! namespaces and processing instructions mean nothing here; an unclosed tag ends with its parent.

/// Elements deeper than this are not seen.
const MOST_DEPTH: usize = 16;

/// One element.
pub(super) struct Element<'a> {
    /// Names from the root on, such as `project/artifactId`.
    pub(super) path: String,
    /// Where its tag stands.
    pub(super) at: usize,
    /// What stands in its tag after the name.
    attributes: &'a str,
    /// The text up to the next tag, trimmed.
    pub(super) text: &'a str,
}

impl<'a> Element<'a> {
    /// The element's own name.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        while let Some((key, after)) = rest.split_once('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|it| matches!(it, '"' | '\''))?;
            let (value, next) = after.get(1..)?.split_once(quote)?;
            if key.trim() == name {
                return Some(value);
            }
            rest = next;
        }
        None
    }
}

/// The elements, in order.
pub(super) fn elements(text: &str) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|it| it.find('<')) {
        let at = from + start;
        let rest = text.get(at..).unwrap_or_default();
        let ends = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
        if let Some((_, end)) = ends.iter().find(|(mark, _)| rest.starts_with(mark)) {
            from = at + rest.find(end).map_or(rest.len(), |it| it + end.len());
            continue;
        }
        let length = tag_length(rest);
        let tag = rest.get(1..length).unwrap_or_default();
        from = at + length + 1;
        let name_end = tag.find(|c: char| c.is_whitespace() || c == '/');
        if let Some(name) = tag.strip_prefix('/') {
            if let Some(depth) = open.iter().rposition(|it| *it == name.trim()) {
                open.truncate(depth);
            }
            continue;
        }
        let name = tag.get(..name_end.unwrap_or(tag.len())).unwrap_or_default();
        if name.is_empty() || name.starts_with('!') || open.len() >= MOST_DEPTH {
            continue;
        }
        open.push(name);
        let after = rest.get(length + 1..).unwrap_or_default();
        let closed = tag.ends_with('/');
        let inside = after.split('<').next().unwrap_or_default().trim();
        found.push(Element {
            path: open.join("/"),
            at,
            attributes: tag.get(name.len()..).unwrap_or_default(),
            text: if closed { "" } else { inside },
        });
        if closed {
            open.pop();
        }
    }
    found
}

/// Where the tag's `>` stands; one inside of quotes is a letter of a value.
fn tag_length(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}
