//! The answers as lines for a person.

use crate::closure::Id;
use crate::ui::{Line, Ui, human_bytes};

use super::{Contents, Layer, Wanted, hints};

/// Rows of the table unless all are asked for: one screen.
const ROWS: usize = 20;

/// Rows of a list below it.
const MOST_LISTED: usize = 10;

/// A chain goes no further to the right than this; longer ones are not seen in real life.
const DEEPEST: usize = 24;

/// The table of what is in an image, the largest first; its layers; what is worth a look.
pub fn show_contents(ui: &Ui, contents: &Contents, all: bool) -> Vec<Line> {
    let closure = contents.closure();
    let total = closure.sum(closure.ids());
    let columns = |size: &str, share: &str, layer: &str, needed: &str, with: &str| {
        format!("{size:>9} {share:>6}  {layer:<12}  {needed:>9}  {with:>12}  ")
    };
    let head = columns("size", "share", "layer", "needed by", "goes with it");
    let mut lines = vec![ui.bold(&format!("{head}path"))];
    let paths = contents.by_size();
    let most = if all { usize::MAX } else { ROWS };
    for id in paths.iter().take(most).copied() {
        let row = columns(
            &human_bytes(closure.bytes(id)),
            &share(closure.bytes(id), total),
            contents.layer(id).name(),
            &needed_by(contents, id),
            &human_bytes(contents.bytes_with(id)),
        );
        lines.push(Line::from(row).then(ui.name(&contents.short(id))));
    }
    let rest = paths.get(most..).unwrap_or_default();
    if !rest.is_empty() {
        let bytes = human_bytes(closure.sum(rest.iter().copied()));
        lines.push(format!("{bytes:>9}         in {} more: `--all`", rest.len()).into());
    }
    let layers = Layer::ALL.map(|layer| {
        let (paths, bytes) = contents.layer_total(layer);
        format!("{} {} ({paths})", layer.name(), human_bytes(bytes))
    });
    lines.push(Line::default());
    lines.push(
        format!(
            "{} in {}: {}",
            human_bytes(total),
            paths_of(paths.len()),
            layers.join(", ")
        )
        .into(),
    );
    lines.extend(worth_a_look(ui, contents));
    lines
}

fn worth_a_look(ui: &Ui, contents: &Contents) -> Vec<Line> {
    let hints = hints(contents);
    let mut lines = Vec::new();
    if !hints.is_empty() {
        lines.push(Line::default());
        lines.push(ui.bold("Worth a look"));
    }
    for hint in hints.iter().take(MOST_LISTED) {
        lines.push(
            format!(
                "  {} ({}): `nixdyno why {}`",
                hint.what,
                human_bytes(hint.bytes),
                hint.why
            )
            .into(),
        );
    }
    if hints.len() > MOST_LISTED {
        lines.push(format!("  and {} more: `--json`", hints.len() - MOST_LISTED).into());
    }
    lines
}

/// How many refer to it, or what it is wanted for itself.
fn needed_by(contents: &Contents, id: Id) -> String {
    let referrers = contents.closure().referrers(id).len();
    match contents.roots().get(&id) {
        Some(Wanted::App) => "(app)".to_owned(),
        Some(Wanted::Tool) if referrers == 0 => "(asked)".to_owned(),
        Some(Wanted::Shell) if referrers == 0 => "(shell)".to_owned(),
        _ => referrers.to_string(),
    }
}

fn share(part: u64, total: u64) -> String {
    let tenths = u128::from(part) * 1000 / u128::from(total.max(1));
    format!("{}.{}%", tenths / 10, tenths % 10)
}

fn paths_of(count: usize) -> String {
    format!("{count} store path{}", if count == 1 { "" } else { "s" })
}

/// For each path: what it is, the way to it, who refers to it, and what would go with it.
pub fn show_why(ui: &Ui, contents: &Contents, ids: &[Id]) -> Vec<Line> {
    let mut lines = Vec::new();
    for id in ids.iter().copied() {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        let closure = contents.closure();
        lines.push(ui.name(&closure.path(id).to_string()));
        lines.push(
            format!(
                "  {} in layer {}, {} with all that it stands on",
                human_bytes(closure.bytes(id)),
                contents.layer(id).name(),
                human_bytes(closure.sum(closure.below(id))),
            )
            .into(),
        );
        for (wanted, chain) in contents.chains(id) {
            lines.extend(way(ui, contents, wanted, &chain));
        }
        let referrers = closure.referrers(id);
        if !referrers.is_empty() {
            lines.push(ui.bold(&format!("Referred to by {}", paths_of(referrers.len()))));
            lines.extend(listed(ui, contents, referrers));
        }
        let mut with = contents.with(id);
        with.retain(|it| *it != id);
        let bytes = human_bytes(contents.bytes_with(id));
        if with.is_empty() {
            lines.push(ui.bold(&format!(
                "Without it {bytes} would go: nothing else is there for it alone"
            )));
        } else {
            let others = paths_of(with.len());
            lines.push(ui.bold(&format!(
                "Without it {bytes} would go: it and {others} there for it alone"
            )));
            lines.extend(listed(ui, contents, &with));
        }
    }
    lines
}

/// The way down to a path, a step a line.
fn way(ui: &Ui, contents: &Contents, wanted: Wanted, chain: &[Id]) -> Vec<Line> {
    if chain.len() < 2 {
        return vec![ui.bold(&format!("Wanted for itself: {}", wanted.name()))];
    }
    let mut lines = vec![ui.bold(&format!("Needed by {}", wanted.name()))];
    for (depth, id) in chain.iter().enumerate() {
        let indent = "  ".repeat(depth.min(DEEPEST) + 1);
        let bytes = human_bytes(contents.closure().bytes(*id));
        let name = ui.name(&contents.short(*id));
        lines.push(Line::from(indent).then(name).then(format!("  {bytes}")));
    }
    lines
}

/// Some paths, the largest first.
fn listed(ui: &Ui, contents: &Contents, ids: &[Id]) -> Vec<Line> {
    let mut ids = ids.to_vec();
    ids.sort_by_key(|id| (std::cmp::Reverse(contents.closure().bytes(*id)), *id));
    let row = |id: &Id| {
        let bytes = human_bytes(contents.closure().bytes(*id));
        Line::from(format!("{bytes:>11}  ")).then(ui.name(&contents.short(*id)))
    };
    let mut lines: Vec<Line> = ids.iter().take(MOST_LISTED).map(row).collect();
    let rest = ids.get(MOST_LISTED..).unwrap_or_default();
    if !rest.is_empty() {
        let bytes = human_bytes(contents.closure().sum(rest.iter().copied()));
        lines.push(format!("{bytes:>11}  in {} more: `--json`", rest.len()).into());
    }
    lines
}
