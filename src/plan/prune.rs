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
        let reason = if line.entry.removes() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_told_with_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let text = "# as of old\n+ *-tzdata-*/\n*.a\n";
        fs_err::write(dir.path().join(".slugexclude"), text).unwrap();
        let mut lines = crate::prune::slugexclude(dir.path()).unwrap().unwrap();
        let name = "--prune".to_owned();
        let flag = crate::inspect::Source::Flag { name };
        lines.extend(crate::prune::of_lines([("@man", flag)]).unwrap());
        let wishes = Wishes {
            prune: lines,
            ..Wishes::default()
        };
        let mut choices = Vec::new();
        assert_eq!(prune(&wishes, &mut choices).len(), 3);
        let rows = choices.iter().map(|it| {
            format!(
                "{}  {}\n    from {}: {}\n",
                it.key, it.value, it.source, it.reason
            )
        });
        insta::assert_snapshot!(rows.collect::<String>(), @r"
        prune  + *-tzdata-*/
            from .slugexclude:2: kept in the image, whatever a later rule says
        prune  - *.a
            from .slugexclude:3: stays out of the image
        prune  @man: - share/man/, - share/info/
            from --prune: stays out of the image
        ");
    }
}
