use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::error::Result;
use crate::inspect::Source;

fn rule(text: &str) -> Rule {
    text.parse().unwrap()
}

#[track_caller]
fn fits(pattern: &str, yes: &[&str], no: &[&str]) {
    let rule = rule(pattern);
    for (paths, wanted) in [(yes, true), (no, false)] {
        for path in paths {
            let (bare, is_dir) = (path.trim_end_matches('/'), path.ends_with('/'));
            assert_eq!(rule.fits(bare, is_dir), wanted, "{pattern} {path}");
        }
    }
}

#[test]
fn a_name_is_the_last_part_and_a_path_the_last_parts() {
    fits(
        "foo",
        &["foo", "a/foo", "a/foo/"],
        &["foo/a", "xfoo", "foox"],
    );
    fits(
        "a/foo",
        &["a/foo", "b/a/foo"],
        &["foo", "xa/foo", "a/b/foo"],
    );
    fits("/a/foo", &["a/foo"], &["b/a/foo", "a/foo/b"]);
    fits("foo/", &["foo/", "a/foo/"], &["foo", "a/foo"]);
    fits("*.a", &["x.a", "b/x.a", "b/.a"], &["x.ab", "x.a/b"]);
    fits("a/*/b", &["a/x/b", "q/a/x/b"], &["a/b", "a/x/y/b"]);
}

#[test]
fn stars_and_slashes() {
    fits("/a/**/b", &["a/x/b", "a/x/y/b"], &["a/b", "q/a/x/b"]);
    fits("a/**", &["a/x", "a/x/y", "q/a/x"], &["a", "qa/x"]);
    fits("**/b", &["b", "a/b", "a/x/b"], &["ab", "b/a"]);
    fits("**b", &["b", "ab", "a/b", "a/xb"], &["b/a"]);
    fits("a/***", &["a/", "a/x", "q/a/", "q/a/x/y"], &["a", "b/"]);
    fits("a?c", &["abc"], &["ac", "a/c", "abbc"]);
}

#[test]
fn brackets_and_backslashes() {
    fits("[a-c]x", &["ax", "cx"], &["dx", "-x", "x"]);
    fits("[!a-c]x", &["dx", "-x"], &["ax", "/x", "x"]);
    fits("[]a-]x", &["]x", "ax", "-x"], &["bx"]);
    fits("[[:digit:]_]x", &["1x", "_x"], &["ax", ":x"]);
    fits("[\\]]x", &["]x"], &["\\x"]);
    fits("a\\*", &["a*"], &["ab", "a\\*"]);
    fits("a\\b", &["a\\b"], &["ab"]);
    fits("a\\b*", &["ab", "abc"], &["a\\b"]);
    fits("a[/]b", &[], &["a/b", "x/a/b"]);
}

#[test]
fn a_hostile_pattern_takes_no_longer_than_its_length_allows() {
    let pattern = format!("{}c", "*a".repeat(200));
    let text = "a".repeat(4000);
    let before = std::time::Instant::now();
    assert!(!rule(&pattern).fits(&text, false));
    assert!(!rule(&"**a*".repeat(100)).fits(&"b/".repeat(2000), false));
    assert!(before.elapsed().as_secs() < 20);
}

#[test]
fn the_first_rule_that_fits_decides_and_an_excluded_folder_is_not_entered() {
    let decides = |lines: &[&str], path: &str| {
        let entries: Vec<Entry> = lines.iter().map(|it| it.parse().unwrap()).collect();
        let found = decisive(&entries, path, false);
        found.map(|(entry, part)| format!("{entry} of {part}"))
    };
    let says = |lines: &[&str], path: &str, words: &str| {
        assert_eq!(decides(lines, path).as_deref(), Some(words));
    };
    let man = "nix/store/x/share/man/a";
    says(
        &["+ a", "share/man/"],
        man,
        "- share/man/ of nix/store/x/share/man",
    );
    says(&["@man"], man, "@man of nix/store/x/share/man");
    says(&["+ a", "- *"], "nix/store/x/a", "- * of nix/store/x");
    says(
        &["+ x", "+ a", "- *"],
        "nix/store/x/a",
        "+ a of nix/store/x/a",
    );
    assert_eq!(decides(&["+ man/", "share/man/"], man), None);
    assert_eq!(
        decides(&["/nix/", "store"], man),
        None,
        "the store itself stays"
    );
}

#[test]
fn regular_expressions() {
    let mut shown = String::new();
    for pattern in [
        "share/man/",
        "*.a",
        "/nix/store/*/include/",
        "**/x",
        "a/**/b",
        "a/***",
        "/a/***/",
        "***",
        "x+(y){1}|z.$^",
        "a[/]b",
        "[]a-c^[-]",
        "[!]x]",
        "[^^]",
        "[[:space:]]",
        "[![:cntrl:]]",
        "[^-]",
        "\\**",
        "a b'c",
    ] {
        let rule = rule(pattern);
        writeln!(shown, "{rule}").unwrap();
        for (only_folders, regex) in rule.regexes() {
            writeln!(
                shown,
                "    {}{regex}",
                if only_folders { "folders " } else { "" }
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn refused_rules() {
    let long = "a".repeat(600);
    let mut shown = String::new();
    for line in [
        "",
        "- ",
        "merge x",
        ". x",
        ":n- x",
        ": x",
        "hide x",
        "P x",
        "!x",
        "-p x",
        "-,s x",
        "+_x",
        "a\tb",
        "a\u{202e}b",
        "a[b",
        "[[:word:]]",
        "[é]",
        "a*\\",
        &long,
        "@nothing",
    ] {
        let error = line.parse::<Entry>().unwrap_err();
        writeln!(shown, "{error}\n").unwrap();
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn words_that_look_like_rules_are_names() {
    for name in [
        "merge", "clear", "P", ".", "-", "-x", "+", "hide_me", "a,b", "exclude",
    ] {
        assert_eq!(rule(name).to_string(), format!("- {name}"));
    }
    assert_eq!(
        rule("include  x").to_string(),
        "+  x",
        "a blank is part of the name"
    );
}

fn lines(text: &str) -> Result<Option<Vec<String>>> {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join(FILE), text).unwrap();
    let found = slugexclude(dir.path())?;
    let shown = |line: &Line| format!("{} {}", line.source, line.entry);
    Ok(found.map(|lines| lines.iter().map(shown).collect()))
}

#[test]
fn a_file_is_read_as_rsync_reads_one() {
    let text = "# one\n; two\n\nfirst\n!\r\n*.a\r\n+ keep/\n - x\n@types/\n";
    assert_eq!(
        lines(text).unwrap().unwrap(),
        [
            ".slugexclude:6 - *.a",
            ".slugexclude:7 + keep/",
            ".slugexclude:8 -  - x",
            ".slugexclude:9 - @types/"
        ]
    );
    assert_eq!(
        slugexclude(tempfile::tempdir().unwrap().path()).unwrap(),
        None
    );
}

#[test]
fn refused_files() {
    insta::assert_snapshot!("refused_line", lines("*.a\nmerge other\n").unwrap_err());
    insta::assert_snapshot!("too_many", lines(&"x\n".repeat(201)).unwrap_err());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE);
    fs_err::create_dir(&path).unwrap();
    insta::assert_snapshot!("no_file", slugexclude(dir.path()).unwrap_err());
    fs_err::remove_dir(&path).unwrap();
    fs_err::write(&path, [0xff]).unwrap();
    insta::assert_snapshot!("no_text", slugexclude(dir.path()).unwrap_err());
    fs_err::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
    insta::assert_snapshot!("leads_out", slugexclude(dir.path()).unwrap_err());
}

#[test]
fn every_set_is_made_of_rules_that_leave_out() {
    for name in Set::names() {
        let set: Set = name.parse().unwrap();
        let row = set.rules();
        assert!(
            !row.is_empty() && row.iter().all(|rule| !rule.keeps()),
            "{name}"
        );
        assert_eq!(row.len(), set.patterns().len(), "{name}");
    }
}

#[test]
fn a_report_is_read_from_the_lines_of_either_builder() {
    let entries: Vec<Entry> = ["@man", "+ x"].map(|it| it.parse().unwrap()).to_vec();
    let mut report = Report::default();
    assert!(!report.read("#9 0.1 echo \"nixdyno-pruned 1 2 3 4\""));
    assert!(!report.read("nixdyno-pruned 1 2 3"));
    assert!(report.read("#9 12.3 nixdyno-pruned 1 2 30 400"));
    assert_eq!(report.of(&entries), None, "half a report is none");
    assert!(report.read("nixdyno-pruned 2 0 0 0"));
    assert!(report.read("nixdyno-pruned links 5"));
    let rows = report.of(&entries).unwrap();
    assert_eq!(
        (rows[0].1.bytes, rows[1].1.matched, report.dangling()),
        (400, 0, 5)
    );
}

#[test]
fn flags_may_clear_the_list() {
    let source = || Source::Default;
    let list = of_lines([("a", source()), ("!", source())]).unwrap();
    assert!(list.is_empty());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", path in "\\PC{0,40}") {
        if let Ok(entry) = text.parse::<Entry>() {
            prop_assert_eq!(entry.to_string().parse::<Entry>().unwrap(), entry.clone());
            entry.rules().iter().for_each(|rule| { rule.regexes(); });
            let _ = decisive(&[entry], &path, false);
        }
    }

    #[test]
    fn regexes_never_leave_their_line(text in "[ -~é]{0,30}") {
        if let Ok(rule) = text.parse::<Rule>() {
            for (_, regex) in rule.regexes() {
                prop_assert!(!regex.contains(char::is_control), "{regex:?}");
            }
        }
    }
}
