//! The program from outside. That there is a test of it also makes cargo build it for the lab.

use std::process::Command;

#[test]
fn words_that_are_missing_or_odd_are_told_with_the_usage() {
    for words in [&[][..], &["--nonsense"], &["--api"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loopback-heroku"));
        let done = command.args(words).output().unwrap();
        let told = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(2), "{words:?}: {told}");
        assert!(told.contains("usage: loopback-heroku"), "{words:?}: {told}");
    }
}
