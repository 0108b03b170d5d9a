use proptest::prelude::*;

use super::*;
use crate::ui::{ColorChoice, ColorEnv, Level, Line, Ui};

/// A base name whose hash is told by its number.
fn base(number: usize, name: &str) -> String {
    let letters: Vec<char> = "0123456789abcdfghijklmnpqrsvwxyz".chars().collect();
    let letter = |place: usize| letters[(number * 7919 + place * 104_729 * (number + 1)) % 32];
    format!("{}-{name}", (0..32).map(letter).collect::<String>())
}

/// Rows of name, bytes, layer and the numbers of what is referred to; and the roots.
fn texts(rows: &[(&str, u64, Layer, &[usize])], roots: &[(&str, usize)]) -> Texts {
    let path = |number: usize| format!("/nix/store/{}", base(number, rows[number].0));
    let mut texts = Texts::default();
    for layer in Layer::ALL {
        texts.layers.insert(layer, String::new());
    }
    for (number, (name, bytes, layer, references)) in rows.iter().enumerate() {
        let names = texts.layers.get_mut(layer).unwrap();
        names.push_str(&(base(number, name) + "\n"));
        let listed: String = references.iter().map(|to| path(*to) + "\n").collect();
        let count = references.len();
        let row = format!("{}\nhash\n{bytes}\n\n{count}\n{listed}", path(number));
        texts.registration.push_str(&row);
    }
    let lines = roots
        .iter()
        .map(|(word, number)| format!("{word} {}\n", path(*number)));
    texts.roots = lines.collect();
    texts
}

fn sample() -> Texts {
    use Layer::{Dependencies, Own, System};
    texts(
        &[
            ("shop-1.2", 40_000, Own, &[1, 2, 3, 8]),
            ("ruby-3.3.5", 41_000_000, Dependencies, &[4, 5, 6]),
            ("nokogiri-1.16", 9_000_000, Dependencies, &[1, 4, 7]),
            ("assets", 3_000_000, Own, &[]),
            ("glibc-2.40-66", 31_000_000, System, &[4]),
            ("openssl-3.3.2", 7_000_000, Dependencies, &[4]),
            ("gcc-13.3.0", 240_000_000, Dependencies, &[4, 9]),
            ("openssl-1.1.1w", 6_000_000, Dependencies, &[4]),
            ("shop-data-dev", 25_000_000, Dependencies, &[]),
            ("binutils-2.43.1", 29_000_000, Dependencies, &[4]),
            ("bash-5.2p37", 1_600_000, System, &[4]),
            ("curl-8.12.1-bin", 250_000, System, &[4, 12]),
            ("curl-8.12.1", 900_000, System, &[4, 5]),
            ("lost", 10, Own, &[]),
        ],
        &[("app", 0), ("shell", 10), ("tool", 11), ("tool", 11)],
    )
}

fn read() -> Contents {
    Contents::read(&sample()).unwrap()
}

fn ui() -> Ui {
    Ui::new(
        Level::Normal,
        false,
        ColorChoice::Never,
        &ColorEnv::default(),
    )
}

fn text(lines: &[Line]) -> String {
    let lines: Vec<&str> = lines.iter().map(Line::shown).collect();
    lines.join("\n")
}

fn why(words: &str) -> Result<String> {
    let contents = read();
    let ids = find(&contents, words)?;
    Ok(text(&show_why(&ui(), &contents, &ids)))
}

#[test]
fn the_table_and_what_is_worth_a_look() {
    insta::assert_snapshot!(text(&show_contents(&ui(), &read(), false)));
}

#[test]
fn a_long_table_is_cut() {
    let rows: Vec<_> = (0..23_u64)
        .map(|at| ("part", at * 1_000_000, Layer::Own, &[][..]))
        .collect();
    let contents = Contents::read(&texts(&rows, &[("app", 22)])).unwrap();
    let short = text(&show_contents(&ui(), &contents, false));
    assert_eq!(short.lines().count(), 1 + 20 + 1 + 2, "{short}");
    assert!(
        short.contains("   3.0 MB         in 3 more: `--all`"),
        "{short}"
    );
    let all = text(&show_contents(&ui(), &contents, true));
    assert_eq!(all.lines().count(), 1 + 23 + 2, "{all}");
}

#[test]
fn ways_to_a_path() {
    insta::assert_snapshot!("glibc", why("glibc").unwrap());
    insta::assert_snapshot!("openssl", why("openssl").unwrap());
    insta::assert_snapshot!("gcc", why("gcc-13.3.0").unwrap());
    insta::assert_snapshot!("app", why("shop").unwrap());
    insta::assert_snapshot!("lost", why("lost").unwrap());
}

#[test]
fn a_path_is_found_by_all_that_is_shown_of_it() {
    let contents = read();
    for id in contents.closure().ids() {
        let path = contents.closure().path(id);
        let (whole, short) = (path.to_string(), contents.short(id));
        let below = format!("{whole}/bin/sh");
        for words in [
            &whole,
            &below,
            path.base(),
            &short,
            path.name(),
            &short[..5],
            &whole[..19],
        ] {
            assert_eq!(find(&contents, words).unwrap(), [id], "{words}");
        }
    }
    assert_eq!(find(&contents, "openssl").unwrap().len(), 2);
}

#[test]
fn no_path_and_too_many_are_told() {
    insta::assert_snapshot!("near", why("opensl").unwrap_err());
    insta::assert_snapshot!("nothing", why("qqq\u{1b}").unwrap_err());
    let rows: Vec<_> = (0..23)
        .map(|_| ("part-1", 1, Layer::Own, &[][..]))
        .collect();
    let contents = Contents::read(&texts(&rows, &[])).unwrap();
    insta::assert_snapshot!("several", find(&contents, "part").unwrap_err());
}

#[test]
fn what_the_build_cannot_have_written_is_refused() {
    let wrong = |change: &dyn Fn(&mut Texts)| {
        let mut texts = sample();
        change(&mut texts);
        Contents::read(&texts).unwrap_err().to_string()
    };
    let errors = [
        wrong(&|it| it.registration.insert(0, 'x')),
        wrong(&|it| it.roots.insert(0, 'x')),
        wrong(&|it| it.layers.get_mut(&Layer::Own).unwrap().insert(0, 'x')),
        wrong(&|it| *it.layers.get_mut(&Layer::Own).unwrap() = String::new()),
        wrong(&|it| {
            let twice = it.layers[&Layer::System].clone();
            it.layers.insert(Layer::Own, twice);
        }),
    ];
    let why = errors
        .iter()
        .filter_map(|it| it.lines().find(|line| line.contains("why: ")));
    insta::assert_snapshot!(why.collect::<Vec<_>>().join("\n"));
    insta::assert_snapshot!("unreadable", errors[0]);
}

#[test]
fn the_json_of_a_path_has_all_of_it() {
    let contents = read();
    let id = find(&contents, "gcc").unwrap();
    insta::assert_snapshot!(format!("{:#}", why_json(&contents, &id)));
    let all = contents_json(&contents);
    assert_eq!(all["paths"].as_array().unwrap().len(), 14);
    assert_eq!(all["bytes"], 393_790_010_u64);
    let layers = all["layers"].as_array().unwrap().iter();
    assert_eq!(
        layers.map(|it| it["bytes"].as_u64().unwrap()).sum::<u64>(),
        393_790_010
    );
    assert_eq!(all["roots"].as_array().unwrap().len(), 4);
}

proptest! {
    #[test]
    fn nothing_that_is_asked_makes_it_panic(words in "\\PC{0,9}|[0-9a-z-]{0,6}|/nix/store/[0-9a-z]{0,4}") {
        let contents = read();
        let _ = find(&contents, &words);
    }
}
