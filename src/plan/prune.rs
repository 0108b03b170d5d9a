//! What of the closure stays out of the image.
//!
//! Takes the rules that were asked for; gives them as they are, and says where each comes from.

use crate::prune::Entry;

use super::{Choice, Wishes};

/// Decides: nothing stays out unless it was asked for.
pub(super) fn prune(wishes: &Wishes, choices: &mut Vec<Choice>) -> Vec<Entry> {
    for line in &wishes.prune {
        let value = match &line.entry {
            Entry::Rule(rule) => rule.to_string(),
            Entry::Set(set) => {
                let rules: Vec<String> = set.rules().iter().map(ToString::to_string).collect();
                format!("{set}: {}", rules.join(", "))
            }
        };
        let reason = if wishes.dockerfile.is_some() {
            "not used: the Dockerfile is the project's own"
        } else if line.entry.removes() {
            "stays out of the image"
        } else {
            "kept in the image, whatever a later rule says"
        };
        choices.push(Choice {
            key: "prune".to_owned(),
            value,
            source: line.source.clone(),
            reason: reason.to_owned(),
        });
    }
    wishes.prune.iter().map(|line| line.entry.clone()).collect()
}
