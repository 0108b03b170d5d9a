//! Asks TOML for words with their place.
//!
//! Takes the text of a [`File`]; gives values by their keys. A text that is no TOML gives nothing.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Said;
use super::file::File;

pub(super) type Value<'i> = Spanned<DeValue<'i>>;
pub(super) type Table<'i> = DeTable<'i>;

/// The whole text as a table.
pub(super) fn parse(text: &str) -> Option<Table<'_>> {
    Some(DeTable::parse(text).ok()?.into_inner())
}

/// The value that the keys lead to.
pub(super) fn get<'t, 'i>(table: &'t Table<'i>, keys: &[&str]) -> Option<&'t Value<'i>> {
    let (last, before) = keys.split_last()?;
    let mut table = table;
    for key in before {
        table = table.get(*key)?.get_ref().as_table()?;
    }
    table.get(*last)
}

/// The table that the keys lead to.
pub(super) fn table<'t, 'i>(root: &'t Table<'i>, keys: &[&str]) -> Option<&'t Table<'i>> {
    get(root, keys)?.get_ref().as_table()
}

/// The string that the keys lead to.
pub(super) fn text<'t>(root: &'t Table<'_>, keys: &[&str]) -> Option<&'t str> {
    get(root, keys)?.get_ref().as_str()
}

/// The same, with its place.
pub(super) fn said(file: &File<'_>, root: &Table<'_>, keys: &[&str]) -> Option<Said> {
    let value = get(root, keys)?;
    Some(file.said(value.get_ref().as_str()?, value.span().start))
}

/// The values of the array that the keys lead to; none when there is no array.
pub(super) fn items<'t, 'i>(root: &'t Table<'i>, keys: &[&str]) -> &'t [Value<'i>] {
    let array = get(root, keys).and_then(|value| value.get_ref().as_array());
    array.map_or(&[], |array| array)
}

/// The strings of the array that the keys lead to.
pub(super) fn strings<'t>(root: &'t Table<'_>, keys: &[&str]) -> impl Iterator<Item = &'t str> {
    let items = items(root, keys).iter();
    items.filter_map(|item| item.get_ref().as_str())
}

/// The keys of the table that the keys lead to, with their values.
pub(super) fn entries<'t, 'i>(
    root: &'t Table<'i>,
    keys: &[&str],
) -> impl Iterator<Item = (&'t str, usize, &'t DeValue<'i>)> {
    let entries = table(root, keys).into_iter().flatten();
    entries.map(|(key, value)| (key.get_ref().as_ref(), key.span().start, value.get_ref()))
}
