//! What a dyno's last log lines say about why it ended. Pure.

/// What to look for, and what to do about it.
const SYMPTOMS: [(&[&str], &str); 7] = [
    (
        &["Error R10"],
        "bind to 0.0.0.0 and the port in $PORT within 60 seconds (R10): a fixed port or 127.0.0.1 isn't seen",
    ),
    (
        &["Error R14", "Error R15"],
        "use less memory, or a larger dyno: the quota was exceeded (R14, R15)",
    ),
    (
        &["Exec format error", "exited with status 126"],
        "build for x86_64-linux: the program is not one a dyno can run (status 126)",
    ),
    (
        &[
            "exited with status 127",
            "no such file or directory",
            "command not found",
        ],
        "check the command: the program is not in the image (status 127)",
    ),
    (
        &["No command specified"],
        "give the image a command: it has no CMD",
    ),
    (
        &["exited with status 137"],
        "look for what ended it: status 137 is SIGKILL, by memory or by being slow to stop",
    ),
    (
        &["Permission denied"],
        "make what the program uses readable by all: a dyno runs it as another user, and USER is ignored",
    ),
];

/// What to do, most telling first; empty when nothing is known.
pub(super) fn hints(log: &[String]) -> Vec<&'static str> {
    let log = log.join("\n").to_lowercase();
    SYMPTOMS
        .iter()
        .filter(|(signs, _)| signs.iter().any(|sign| log.contains(&sign.to_lowercase())))
        // Heroku kills after these too, and has said why.
        .filter(|(signs, _)| {
            !(signs.contains(&"exited with status 137") && log.contains("error r1"))
        })
        .map(|(_, hint)| *hint)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        let logs = [
            "2026-01-01T00:00:00+00:00 heroku[web.1]: Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch",
            "heroku[web.1]: Error R14 (Memory quota exceeded)",
            "app[web.1]: exec /bin/server: exec format error",
            "heroku[web.1]: Process exited with status 127",
            "app[web.1]: /bin/sh: server: No such file or directory",
            "heroku[web.1]: No command specified for process type web",
            "heroku[web.1]: Process exited with status 137",
            "app[web.1]: open /data/x: permission denied",
            "app[web.1]: panic: oh no",
        ];
        let table: Vec<String> = logs
            .iter()
            .map(|log| format!("{log}\n  {:?}", hints(&[(*log).to_owned()])))
            .collect();
        insta::assert_snapshot!(table.join("\n"));
    }
}
