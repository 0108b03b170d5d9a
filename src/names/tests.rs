//! What is a name, and what is none.

use proptest::prelude::*;

use super::*;

#[test]
fn names_are_refused_in_words() {
    let process = "web server".parse::<ProcessType>().unwrap_err();
    let digest = "sha256:12".parse::<Digest>().unwrap_err();
    insta::assert_snapshot!(format!("{process}\n\n{digest}"));
}

#[test]
fn app_names_follow_the_schema() {
    for good in ["abc", "my-app-2", &"a".repeat(30)] {
        assert!(good.parse::<AppName>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "ab",
        "1app",
        "my_app",
        "My-app",
        "app-",
        "-app",
        &"a".repeat(31),
        "a b c",
        "é12",
    ] {
        assert!(bad.parse::<AppName>().is_err(), "{bad}");
    }
    insta::assert_snapshot!("my_app".parse::<AppName>().unwrap_err());
}

#[test]
fn project_paths_stay_below() {
    for good in ["Dockerfile", "deploy/Dockerfile", "./a b"] {
        assert!(good.parse::<ProjectPath>().is_ok(), "{good}");
    }
    for bad in ["", "/etc/passwd", "../x", "a/../../x", "a\0"] {
        assert!(bad.parse::<ProjectPath>().is_err(), "{bad}");
    }
    insta::assert_snapshot!("../x".parse::<ProjectPath>().unwrap_err());
}

#[test]
fn image_references_are_strict() {
    let digest = format!("sha256:{}", "a".repeat(64));
    for good in [
        "nixos/nix:2.31.2",
        "localhost:5000/a/b",
        &format!("a:b@{digest}"),
    ] {
        assert!(good.parse::<ImageRef>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "a b",
        "a\nRUN x",
        "$X",
        "a@sha256:1",
        "/a",
        "a:",
        "a//b",
        "\"a\"",
    ] {
        assert!(bad.parse::<ImageRef>().is_err(), "{bad}");
    }
}

#[test]
fn attribute_paths_read_as_nix_does() {
    let path: AttrPath = "packages.x86_64-linux.\"my.app\"".parse().unwrap();
    assert_eq!(path.names(), ["packages", "x86_64-linux", "my.app"]);
    assert!("".parse::<AttrPath>().unwrap().is_root());
    for bad in [
        ".", "a.", ".a", "a..b", "a b", "\"", "a\"b\"", "a;b", "${x}", "\"a\\\"",
    ] {
        assert!(bad.parse::<AttrPath>().is_err(), "{bad}");
    }
}

#[test]
fn an_attribute_of_any_name_stays_on_one_line() {
    let path = AttrPath::new(["packages", "a\nRUN b"]);
    assert_eq!(path.to_string(), "packages.\"a\\nRUN b\"");
}

proptest! {
    #[test]
    fn attribute_paths_survive_the_trip(names in prop::collection::vec("[a-zA-Z0-9_.@ \"'$\\\\\n&é{-]{1,12}", 0..5)) {
        let path = AttrPath::new(names);
        prop_assert_eq!(path.to_string().parse::<AttrPath>().unwrap(), path);
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,40}") {
        let _ = text.parse::<AttrPath>();
        let _ = text.parse::<AppName>();
        let _ = text.parse::<ImageRef>();
        let _ = text.parse::<ProcessType>();
        let _ = text.parse::<Digest>();
        let _ = text.parse::<ProgramName>();
        let _ = text.parse::<ProjectPath>();
    }
}

#[test]
fn regions_are_words_of_lower_case() {
    for good in ["eu", "us", "virginia", "sao-paulo", "eu-west-1"] {
        assert!(good.parse::<Region>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "EU",
        "e u",
        "-eu",
        "eu-",
        "eu--west",
        "1",
        "eu_west",
        "é",
        &"a".repeat(65),
    ] {
        assert!(bad.parse::<Region>().is_err(), "{bad}");
    }
    insta::assert_snapshot!("Europe".parse::<Region>().unwrap_err());
}
