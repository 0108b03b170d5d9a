//! Dockerfiles of hostile plans, read back: the fast twin of what the lab lets Docker itself read.

use nixdyno::inspect::Origin;
use nixdyno::render::{Target, dockerfile};
use proptest::prelude::*;

use crate::check;
use crate::dockerfile::{argument, command, instructions};
use crate::values::{Hostile, hostile};

fn rendered(it: &Hostile) -> String {
    dockerfile(&it.plan, Target::All).unwrap()
}

/// The words of the first `RUN` that starts with `start`.
fn run(text: &str, start: &str) -> Vec<String> {
    let all = instructions(text);
    let mut runs = all.iter().filter(|it| it.name == "RUN");
    let found = runs.find(|it| it.rest.starts_with(start)).expect(start);
    shlex::split(&found.rest).expect("words")
}

fn holds(words: &[String], part: &[String]) -> bool {
    part.is_empty() || words.windows(part.len()).any(|it| it == part)
}

#[test]
fn every_value_is_refused_or_stays_what_it_is() {
    let mut it = hostile();
    assert!(it.fates.len() >= 200, "{}", it.fates.len());
    let text = rendered(&it);
    let all = instructions(&text);
    let args: Vec<_> = all
        .iter()
        .filter(|it| it.name == "ARG")
        .map(|it| argument(&it.rest))
        .collect();
    let mut expected = it.args.clone();
    expected.sort();
    assert_eq!(args, expected);
    for (process, words) in &it.commands {
        let mut stages = all
            .iter()
            .skip_while(|it| it.rest != format!("root AS {process}"));
        let cmd = stages.nth(1).unwrap();
        assert_eq!(command(&cmd.rest), *words, "{process}");
    }
    for start in ["nix flake archive", "nix build --print-build-logs"] {
        assert!(holds(&run(&text, start), &it.nix_words), "{start}");
    }
    let refs: Vec<String> = it
        .attributes
        .iter()
        .map(|path| format!("path:/src#{path}"))
        .collect();
    assert!(holds(&run(&text, "nix build --print-build-logs"), &refs));
    it.plan.build.from = Origin::Classic;
    let text = rendered(&it);
    let attributes = |paths: &[String]| -> Vec<String> {
        let words = paths
            .iter()
            .flat_map(|path| ["--attr".to_owned(), path.clone()]);
        words.collect()
    };
    let build = run(&text, "nix-build --option");
    assert!(holds(&build, &it.nix_words));
    let all = instructions(&text);
    let builds: Vec<Vec<String>> = all
        .iter()
        .filter(|it| it.rest.starts_with("nix-build"))
        .map(|it| shlex::split(&it.rest).unwrap())
        .collect();
    assert!(
        builds
            .iter()
            .any(|words| holds(words, &attributes(&it.packages)))
    );
    assert!(
        builds
            .iter()
            .any(|words| holds(words, &attributes(&it.attributes)))
    );
}

#[test]
fn what_is_refused_is_refused_with_a_reason() {
    let it = hostile();
    let fates = it.fates.iter().map(|(case, fate)| match fate {
        Ok(()) => format!("{case}: as it is"),
        Err(id) => format!("{case}: {id}"),
    });
    check!("fates", fates.collect::<Vec<_>>().join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_value_stays_what_it_is(values in prop::collection::vec("(\\PC|[\\\\'\"$`#<=\n ]){0,12}", 1..6)) {
        let mut it = hostile();
        it.plan.build.nix_args.clear();
        it.plan.build.args.clear();
        let mut words = Vec::new();
        let mut args = Vec::new();
        for (at, value) in values.iter().enumerate() {
            if let Ok(word) = nixdyno::plan::NixArg::try_from(value.clone()) {
                words.push(value.clone());
                it.plan.build.nix_args.push(word);
            }
            if let Ok(value) = value.parse::<nixdyno::names::BuildArgValue>() {
                let name = format!("A{at}");
                args.push((name.clone(), value.as_str().to_owned()));
                it.plan.build.args.insert(name.parse().unwrap(), value);
            }
        }
        it.plan.again = values;
        let text = rendered(&it);
        prop_assert!(holds(&run(&text, "nix build --print-build-logs"), &words));
        let all = instructions(&text);
        let found: Vec<_> = all.iter().filter(|it| it.name == "ARG").map(|it| argument(&it.rest)).collect();
        prop_assert_eq!(found, args);
    }
}
