//! What words are refused, and with which reason.

use proptest::prelude::*;

use super::*;

fn part(line: &str) -> Result<NixPart> {
    let words = line.split_whitespace().map(str::to_owned).collect();
    NixPart::new("nix-args", words, Source::Default)
}

#[test]
fn words_that_every_call_takes_are_kept_as_they_are() {
    for line in [
        "--override-input nixpkgs github:NixOS/nixpkgs --impure",
        "--option cores 2 -I nixpkgs=/x -L",
        "--argstr name --json",
        "--arg token null",
        "--arg debug true",
        "--not-known operand another",
        "--override-input a git+ssh://git@host/a?ref=b",
        "--override-input a https://host/a@b",
        "",
    ] {
        let part = part(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let words: Vec<&str> = part.words.iter().map(NixArg::as_str).collect();
        assert_eq!(words.join(" "), line);
    }
}

#[test]
fn words_that_spoil_a_build_are_refused_with_the_reason() {
    let lines = [
        "--out-link /x",
        "-o /x",
        "--no-link",
        "--json",
        "--dry-run",
        "--help",
        "--store /x",
        "--store=/x",
        "--system aarch64-linux",
        "--option system aarch64-linux",
        "--option access-tokens github.com=x",
        "--extra-access-tokens github.com=x",
        "--commit-lock-file",
        "--rebuild",
        "--attr x",
        "path:/x",
        "--impure path:/x",
        "--option cores 2 3",
        "--option cores",
        "-I",
        "--override-input a https://me:token@host/a",
        "--override-input a git+https://token@host/a",
        "--option substituters https://a.example?endpoint=https://me:hunter2@b.example",
        "--access-tokens=github.com=hunter2",
        "--extra-access-tokens=github.com=hunter2",
        "--option=access-tokens github.com=hunter2",
        "--option=access-tokens=hunter2",
        "--option impure-env A=hunter2",
        "--argstr token hunter2",
        "--argstr api-key hunter2",
        "--arg db_password hunter2",
        "--impure https://me:hunter2@host/x",
        "--store=https://me:hunter2@host/x",
        "--not-known https://host?access_token=hunter2",
        "--",
    ];
    let told = lines.map(|line| {
        let error = part(line).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
        format!("{line}\n{error}\n")
    });
    // One word may hold several addresses.
    let words = ["--option", "substituters", "https://a https://me:hunter2@b"];
    let several = NixPart::new("option", words.map(str::to_owned).to_vec(), Source::Default);
    assert!(!several.unwrap_err().to_string().contains("hunter2"));
    for odd in [
        "https://me:hunter2@h\n".to_owned(),
        format!("https://me:hunter2@h/{}", "x".repeat(5_000)),
    ] {
        assert!(
            !NixArg::try_from(odd)
                .unwrap_err()
                .to_string()
                .contains("hunter2")
        );
    }
    insta::assert_snapshot!(told.join("\n"));
    let control = NixArg::try_from("a\nb".to_owned()).unwrap_err();
    let long = NixArg::try_from("x".repeat(5_000)).unwrap_err();
    insta::assert_snapshot!("odd", format!("{control}\n\n{long}"));
}

#[test]
fn words_fit_a_flake_or_another_file() {
    let fit = |line: &str, from, call| check_fit(&[part(line).unwrap()], from, call);
    for (line, flake, classic) in [
        ("--impure --option cores 2", true, true),
        ("--override-input a b", true, false),
        ("--print-build-logs", true, false),
        ("--arg a 1", false, true),
        ("-k", false, true),
        ("--argstr --override-input x", false, true),
    ] {
        assert_eq!(fit(line, Origin::Flake, false).is_ok(), flake, "{line}");
        assert_eq!(fit(line, Origin::Classic, false).is_ok(), classic, "{line}");
    }
    let told = [
        fit("--arg port 1", Origin::Flake, false),
        fit("-k", Origin::Flake, false),
        fit("--override-input a b", Origin::Classic, false),
        fit("--argstr port 1", Origin::Classic, true),
    ];
    let told = told.map(|it| it.unwrap_err().to_string());
    insta::assert_snapshot!("elsewhere", told.join("\n\n"));
}

#[test]
fn evaluation_takes_no_words_for_the_output_of_a_build() {
    let line = "-L --arg a 1 --option cores 2 -k --unknown x --argstr -L y";
    let words = words_to_evaluate(&part(line).unwrap().words);
    assert_eq!(
        words.join(" "),
        "--arg a 1 --option cores 2 --unknown x --argstr -L y"
    );
}

#[test]
fn a_row_a_flag() {
    let mut names: Vec<&str> = FLAGS.iter().map(|it| it.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

proptest! {
    #[test]
    fn no_words_make_it_panic(words in prop::collection::vec("(--?)?(option|arg|I|L|json|impure|x|=|/|@|:|\\PC){0,3}", 0..6)) {
        if let Ok(part) = NixPart::new("nix-args", words.clone(), Source::Default) {
            let kept: Vec<&str> = part.words.iter().map(NixArg::as_str).collect();
            prop_assert_eq!(kept, words);
            let _ = check_fit(std::slice::from_ref(&part), Origin::Flake, false);
            words_to_evaluate(&part.words);
        }
    }
}
