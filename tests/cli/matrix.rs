//! The Dockerfile of every combination that the lab builds: one of them whole, and what each of the others has in its
//! place.

use similar::{ChangeTag, TextDiff};

use crate::check;
use crate::common::matrix::{Archive, Combination, combinations};
use crate::common::{nixdyno, run};

fn dockerfile(it: Combination) -> String {
    let archive = Archive {
        url: "https://releases.example/nixexprs.tar.gz".to_owned(),
        hash: "sha256-Ti+ZBvW6yrWWAg2szExVTwCd4qOJ3KlVr1tFHfyfi8Q=".to_owned(),
    };
    let project = it.project(&archive);
    let words = [vec!["generate", "dockerfile", "--stdout"], it.words()].concat();
    run(&mut nixdyno(project.path(), &words)).exits(0).stdout
}

/// The lines that leave and those that come, in order.
fn change(from: &str, to: &str) -> String {
    let diff = TextDiff::from_lines(from, to);
    let changes = diff.iter_all_changes().filter_map(|it| match it.tag() {
        ChangeTag::Equal => None,
        ChangeTag::Delete => Some(format!("-{}", it.value())),
        ChangeTag::Insert => Some(format!("+{}", it.value())),
    });
    changes.collect()
}

#[test]
fn each_part_of_a_combination_changes_the_file_in_its_own_way() {
    let all = combinations();
    let find = |family: &str, flake: bool, several: bool, root: &str| {
        let fits = |it: &&Combination| {
            (it.family, it.flake, it.several, it.kind()) == (family, flake, several, root)
        };
        dockerfile(*all.iter().find(fits).unwrap())
    };
    for flake in [true, false] {
        let simple = find("nixos-nix", flake, false, "scratch");
        let mut told = vec!["nixos-nix, one process, scratch".to_owned(), simple.clone()];
        for family in ["nixery", "nixpkgs", "own"] {
            let other = find(family, flake, false, "scratch");
            told.extend([family.to_owned(), change(&simple, &other)]);
        }
        for (several, root) in [
            (true, "scratch"),
            (false, "shell"),
            (false, "exec"),
            (false, "image"),
        ] {
            let count = if several {
                "several processes"
            } else {
                "one process"
            };
            let other = find("nixos-nix", flake, several, root);
            told.extend([format!("{count}, {root}"), change(&simple, &other)]);
        }
        let name = if flake { "flake" } else { "classic" };
        check!(name, told.join("\n\n"));
    }
}

/// What is of a project's or a base's own nixpkgs, and would be told apart by nothing else; nor what was typed.
fn without_nixpkgs(text: &str) -> String {
    let kept = text.split_inclusive('\n');
    let text: String = kept
        .filter(|line| !line.contains("this one is of") && !line.starts_with("# Again: "))
        .collect();
    text.replace(" --override-input nixpkgs path:/srv/lab/nixpkgs", "")
}

#[test]
fn the_kind_of_root_and_the_number_of_processes_mean_the_same_on_every_base() {
    let all = combinations();
    let texts: Vec<String> = all
        .iter()
        .map(|it| without_nixpkgs(&dockerfile(*it)))
        .collect();
    let way = |it: &Combination| {
        let text = |fits: &dyn Fn(&Combination) -> bool| &texts[all.iter().position(fits).unwrap()];
        let simple = text(&|other| {
            (other.family, other.flake, other.several) == (it.family, it.flake, false)
        });
        let way = change(simple, text(&|other| other == it));
        way.replace("--no-write-lock-file", "--no-update-lock-file")
    };
    for it in &all {
        let first = all.iter().find(|other| {
            (other.flake, other.several, other.root) == (it.flake, it.several, it.root)
        });
        assert_eq!(way(it), way(first.unwrap()), "{it}");
    }
    assert_eq!(all.len(), 64);
}
