//! What docker is told, decided before it is told.
//!
//! Takes an image and a dyno, gives arguments. Never runs anything.

use crate::model::image::Image;
use crate::rules::quote;

/// The label on every container of ours, by which they are found and removed.
pub const LABEL: &str = "loopback-heroku";

/// How an image is started.
#[derive(Debug, PartialEq, Eq)]
pub struct Invocation {
    /// Replaces the image's entrypoint.
    pub entrypoint: Option<&'static str>,
    /// What follows the image's name.
    pub args: Vec<String>,
    /// The command as the API and the log show it.
    pub shown: String,
}

/// How Heroku starts `image` with its own `CMD`, or with `command` in a one-off dyno: through `/bin/sh` unless the image
/// has an entrypoint, which then gets the command as its arguments.
pub fn invocation(image: &Image, command: Option<&str>, login_shell: bool) -> Invocation {
    let shown = command.map_or_else(|| quote::join(&image.command), str::to_owned);
    if !image.entrypoint.is_empty() {
        let args = command.map_or_else(|| image.command.clone(), quote::split);
        return Invocation {
            entrypoint: None,
            args,
            shown,
        };
    }
    let login = login_shell.then(|| "-l".to_owned());
    let args = login
        .into_iter()
        .chain(["-c".to_owned(), shown.clone()])
        .collect();
    Invocation {
        entrypoint: Some("/bin/sh"),
        args,
        shown,
    }
}

/// A dyno's surroundings.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// `web.1`.
    pub dyno: &'a str,
    /// The uid and gid; whatever `USER` the image names is ignored.
    pub user: u32,
    /// `$PORT`.
    pub port: u16,
    /// Config vars, and what a one-off dyno adds to them.
    pub env: &'a [(String, String)],
    /// docker's network.
    pub network: &'a str,
}

/// Arguments of `docker create` for `reference`.
pub fn create(reference: &str, invocation: &Invocation, around: &Surroundings) -> Vec<String> {
    let mut args: Vec<String> = limits(around.network)
        .into_iter()
        .map(str::to_owned)
        .collect();
    args.push(format!("--user={0}:{0}", around.user));
    let given = around
        .env
        .iter()
        .map(|(name, value)| format!("--env={name}={value}"));
    args.extend(given);
    // After the config vars: these two are Heroku's to choose.
    args.push(format!("--env=PORT={}", around.port));
    args.push(format!("--env=DYNO={}", around.dyno));
    args.extend(
        invocation
            .entrypoint
            .map(|program| format!("--entrypoint={program}")),
    );
    args.push(reference.to_owned());
    args.extend(invocation.args.iter().cloned());
    args
}

fn limits(network: &str) -> [&str; 16] {
    [
        "create",
        "--label",
        LABEL,
        // The process isn't number 1, for which SIGTERM would do nothing by default.
        "--init",
        "--network",
        network,
        "--memory=512m",
        "--memory-swap=512m",
        "--pids-limit=256",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        // STOPSIGNAL and HEALTHCHECK of the image aren't respected.
        "--stop-signal=SIGTERM",
        "--no-healthcheck",
        "--restart=no",
        "--log-driver=json-file",
        "--log-opt=max-size=10m",
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(entrypoint: &[&str], command: &[&str]) -> Image {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Image {
            repository: "app/web".into(),
            config_digest: "sha256:c".into(),
            manifest_digest: "sha256:m".into(),
            architecture: "amd64".into(),
            layers: 1,
            entrypoint: own(entrypoint),
            command: own(command),
        }
    }

    #[test]
    fn without_entrypoint_the_shell_runs_the_quoted_command() {
        let it = invocation(&image(&[], &["serve", "--name", "a b"]), None, false);
        assert_eq!(it.entrypoint, Some("/bin/sh"));
        assert_eq!(it.args, ["-c", "serve --name 'a b'"]);
        assert_eq!(
            invocation(&image(&[], &["serve"]), None, true).args,
            ["-l", "-c", "serve"]
        );
    }

    #[test]
    fn an_entrypoint_gets_the_command_as_arguments() {
        let it = invocation(&image(&["/init"], &["serve", "a b"]), None, false);
        assert_eq!(
            (it.entrypoint, it.args),
            (None, vec!["serve".to_owned(), "a b".to_owned()])
        );
    }

    #[test]
    fn a_one_off_command_replaces_cmd() {
        let it = invocation(&image(&[], &["serve"]), Some("echo $A"), false);
        assert_eq!(
            (it.args, it.shown),
            (
                vec!["-c".to_owned(), "echo $A".to_owned()],
                "echo $A".to_owned()
            )
        );
        assert_eq!(
            invocation(&image(&["/init"], &["serve"]), Some("echo 'a b'"), false).args,
            ["echo", "a b"]
        );
    }

    #[test]
    fn heroku_chooses_port_and_dyno() {
        let env = [("PORT".to_owned(), "1".to_owned())];
        let around = Surroundings {
            dyno: "web.1",
            user: 12345,
            port: 4000,
            env: &env,
            network: "bridge",
        };
        let args = create(
            "ref",
            &invocation(&image(&[], &["serve"]), None, false),
            &around,
        );
        let at = |arg: &str| args.iter().position(|it| it == arg);
        assert!(at("--env=PORT=1") < at("--env=PORT=4000"));
        assert!(at("--user=12345:12345").is_some() && at("--env=DYNO=web.1").is_some());
        assert_eq!(
            args.get(args.len() - 3..),
            Some(["ref", "-c", "serve"].map(str::to_owned).as_slice())
        );
    }
}
