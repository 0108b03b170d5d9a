use std::collections::BTreeMap;

use super::*;
use crate::inspect::Origin;
use crate::names::{SecretKind, SecretSource};
use crate::plan::Choice;
use crate::render::dockerfile::tests::plan;

const FILES: [CiFile; 5] = [
    CiFile::Github,
    CiFile::Gitlab,
    CiFile::GitlabPart,
    CiFile::Circleci,
    CiFile::Script,
];

fn app() -> Plan {
    let mut plan = plan(Origin::Flake, "server", &[("web", "/app/bin/server")]);
    plan.ship.app = Some("my-app".parse().unwrap());
    let flag = |key: &str| Choice {
        key: key.to_owned(),
        value: String::new(),
        source: Source::Flag {
            name: format!("--{key}"),
        },
        reason: String::new(),
    };
    plan.choices = vec![flag("app")];
    let route = Choice {
        source: Source::Default,
        ..flag("route")
    };
    plan.choices.push(route);
    plan
}

fn asked(file: CiFile) -> Ci {
    Ci {
        file,
        branch: "main".parse().unwrap(),
        review_apps: false,
        looks: Looks::WithNix,
    }
}

/// What a platform makes of a file: all its commands, by the way to each.
fn commands(file: CiFile, text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if file == CiFile::Script {
        for line in text.lines().filter(|it| it.starts_with("    ")) {
            found.insert(format!("{:03}", found.len()), line.trim().to_owned());
        }
        return found;
    }
    let value: serde_yaml_ng::Value = serde_yaml_ng::from_str(text).unwrap();
    collect("", &value, &mut found);
    found
}

fn collect(way: &str, value: &serde_yaml_ng::Value, found: &mut BTreeMap<String, String>) {
    match value {
        serde_yaml_ng::Value::Mapping(entries) => {
            for (key, value) in entries {
                collect(&format!("{way}/{}", key.as_str().unwrap()), value, found);
            }
        }
        serde_yaml_ng::Value::Sequence(items) => {
            for (at, value) in items.iter().enumerate() {
                collect(&format!("{way}/{at}"), value, found);
            }
        }
        serde_yaml_ng::Value::String(text) => {
            found.insert(way.to_owned(), text.clone());
        }
        _ => {}
    }
}

/// A command that starts so, without what hides secrets from it.
fn shown_after_env<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    let at = line.find(start)?;
    let (before, command) = line.split_at(at);
    (before.is_empty() || before.starts_with("env -u ")).then_some(command)
}

/// The words of the one command that starts so.
fn words(file: CiFile, text: &str, start: &str) -> Vec<String> {
    let commands = commands(file, text);
    let mut lines = commands.values().flat_map(|it| it.split('\n'));
    let line = lines.find_map(|it| shown_after_env(it, start));
    shlex::split(line.expect(start)).unwrap()
}

#[test]
fn the_plain_file_of_each_platform() {
    let plan = app();
    for file in FILES {
        let text = ci(&plan, &asked(file)).unwrap();
        insta::assert_snapshot!(format!("plain_{file:?}").to_lowercase(), text);
        let deploy = words(file, &text, "nixdyno deploy");
        assert_eq!(
            deploy.join(" "),
            "nixdyno deploy --no-input --route docker --app my-app"
        );
        let check = words(file, &text, "nixdyno generate").join(" ");
        let platform = file.platform().name();
        assert_eq!(
            check,
            format!("nixdyno generate ci --for {platform} --app my-app --check")
        );
    }
}

#[test]
fn everything_that_can_be_asked_for() {
    let mut plan = app();
    plan.ship.route = Route::HerokuCli;
    plan.ship.app = Some("an-app-of-a-long-name-as-it-is".parse().unwrap());
    let source = |text: &str| text.parse::<SecretSource>().unwrap();
    plan.caches.secrets = [
        (SecretKind::Aws, source("env")),
        (SecretKind::KnownHosts, source("/home/me/.ssh/known_hosts")),
        (SecretKind::Netrc, source("/home/me/.netrc")),
        (SecretKind::NixConfig, source("env:MY_NIX")),
        (SecretKind::SigningKey, source("/home/me/key")),
    ]
    .into();
    plan.caches.ssh = true;
    plan.caches.substituters = vec!["https://cache.example".parse().unwrap()];
    plan.again = ["--env", "staging", "--secret", "netrc=FILE", "--ssh"]
        .map(str::to_owned)
        .to_vec();
    for file in FILES {
        let wanted = Ci {
            branch: "trunk/1.0".parse().unwrap(),
            review_apps: true,
            looks: Looks::InDocker,
            ..asked(file)
        };
        let text = ci(&plan, &wanted).unwrap();
        insta::assert_snapshot!(format!("all_{file:?}").to_lowercase(), text);
        let deploy = words(file, &text, "nixdyno deploy").join(" ");
        assert_eq!(
            deploy.split_once("--evaluate docker ").unwrap().1,
            "--env staging --secret aws=env --secret known-hosts=env:NIXDYNO_KNOWN_HOSTS \
             --secret netrc=env:NIXDYNO_NETRC --secret nix-config=env:MY_NIX --ssh"
        );
        assert!(!text.contains("/home/me"), "{text}");
        assert!(text.contains("an-app-of-a-l-"), "{text}");
    }
}

#[test]
fn a_project_that_is_only_read_needs_no_nix() {
    let plan = app();
    for file in FILES {
        let wanted = Ci {
            looks: Looks::ReadsOnly,
            ..asked(file)
        };
        let text = ci(&plan, &wanted).unwrap();
        let installs = ["install-nix-action", "nix-bin", "NIX_CONFIG", ", nix"];
        assert!(!installs.iter().any(|it| text.contains(it)), "{text}");
        for start in ["nixdyno generate", "nixdyno deploy"] {
            assert!(words(file, &text, start).contains(&"--no-eval".to_owned()));
        }
    }
}

#[test]
fn what_heroku_builds_needs_no_docker() {
    let mut plan = app();
    plan.ship.route = Route::HerokuYml;
    for file in FILES {
        let text = ci(&plan, &asked(file)).unwrap();
        let docker = ["docker-cli", "dind", "setup_remote_docker", ", docker"];
        assert!(!docker.iter().any(|it| text.contains(it)), "{text}");
        assert!(words(file, &text, "nixdyno deploy").contains(&"heroku-yml".to_owned()));
        if matches!(file, CiFile::Gitlab | CiFile::Script) {
            insta::assert_snapshot!(format!("at_heroku_{file:?}").to_lowercase(), text);
        }
    }
}

#[test]
fn what_nix_builds_needs_nix_and_no_docker() {
    let mut plan = app();
    plan.ship.route = Route::Direct;
    for file in FILES {
        let text = ci(&plan, &asked(file)).unwrap();
        let docker = ["docker-cli", "dind", "setup_remote_docker", ", docker"];
        assert!(!docker.iter().any(|it| text.contains(it)), "{text}");
        assert!(words(file, &text, "nixdyno deploy").contains(&"direct".to_owned()));
        if file != CiFile::GitlabPart {
            insta::assert_snapshot!(format!("direct_{file:?}").to_lowercase(), text);
        }
        // Where the project is only read, the deploy alone needs Nix.
        let read = Ci {
            looks: Looks::ReadsOnly,
            ..asked(file)
        };
        let text = ci(&plan, &read).unwrap();
        let install = match file {
            CiFile::Github => "install-nix-action",
            CiFile::Script => ", nix",
            _ => "nix-bin",
        };
        assert_eq!(text.matches(install).count(), 1, "{text}");
    }
}

/// What nixdyno.toml says is said there alone: a check follows it when it changes.
#[test]
fn what_the_configuration_says_is_not_said_again() {
    let mut plan = app();
    for choice in &mut plan.choices {
        choice.source = Source::Config {
            key: "app".to_owned(),
        };
    }
    let wanted = asked(CiFile::Github);
    assert_eq!(ci_flags(&plan, &wanted).join(" "), "ci --for github");
    assert_eq!(ci_again(&plan, &wanted).join(" "), "--for github");
    let text = ci(&plan, &wanted).unwrap();
    assert!(text.contains("nixdyno deploy --no-input --route docker --app my-app\n"));
}

#[test]
fn hostile_words_stay_words_on_every_platform() {
    let values = [
        "${{ secrets.HEROKU_API_KEY }}",
        "a: b # c",
        "it's",
        "<< pipeline.id >>",
        "$[[ inputs.x ]]",
        "$(id) `id` $HOME",
        "\"\\\n- run: id",
        "{{ x }}{% y %}",
        "- x",
        "",
    ];
    let mut plan = app();
    plan.again = values
        .iter()
        .flat_map(|it| ["--prune".to_owned(), (*it).to_owned()])
        .collect();
    for file in FILES.into_iter().filter(|it| *it != CiFile::Script) {
        let text = ci(&plan, &asked(file)).unwrap();
        let held = commands(file, &text);
        let line = |start: &str| {
            let mut found = held.values().filter_map(|it| shown_after_env(it, start));
            found.next().expect(start).to_owned()
        };
        for start in ["nixdyno generate", "nixdyno deploy"] {
            let line = line(start);
            let words = shlex::split(&line).unwrap();
            for value in values {
                let pair = ["--prune".to_owned(), value.to_owned()];
                assert!(words.windows(2).any(|it| it == pair), "{value}: {line}");
            }
            for opener in ["${{", "<<", "$[["] {
                assert!(!line.contains(opener), "{line}");
            }
        }
    }
    let script = ci(&plan, &asked(CiFile::Script)).unwrap();
    for line in script.lines().filter(|it| it.starts_with('#')) {
        assert!(!line.contains("- run: id\n"));
    }
    assert!(shlex::split(&script).is_some());
}

#[test]
fn a_review_app_has_a_name_that_heroku_takes() {
    let of = |name: &str| review_prefix(&name.parse().unwrap());
    assert_eq!(of("my-app"), "my-app");
    assert_eq!(of("a2345678901234567890"), "a2345678901234567890");
    let (one, other) = (
        of("a-name-as-long-as-it-one"),
        of("a-name-as-long-as-it-two"),
    );
    assert_ne!(one, other);
    assert!(
        one.starts_with("a-name-as-lon-") && one.len() == 20,
        "{one}"
    );
    assert!(!of("a2345678901--5678901234").contains("--"));
    let longest = format!("{}-pr-999999", of("a23456789012345678901234567890"));
    assert!(longest.parse::<AppName>().is_ok(), "{longest}");
}

#[test]
fn without_an_app_there_is_nothing_to_deploy() {
    let mut plan = app();
    plan.ship.app = None;
    let error = ci(&plan, &asked(CiFile::Github)).unwrap_err();
    insta::assert_snapshot!("no_app", error);
}

/// Build scripts of what is installed run beside what a job is given.
#[test]
fn no_install_and_no_check_sees_a_secret() {
    let mut plan = app();
    plan.ship.route = Route::HerokuCli;
    plan.caches.secrets = [(SecretKind::Netrc, "/home/me/.netrc".parse().unwrap())].into();
    for file in FILES {
        let text = ci(&plan, &asked(file)).unwrap();
        assert!(!text.contains("cargo install nixdyno"), "{text}");
        let tag = concat!("--tag v", env!("CARGO_PKG_VERSION"), " ");
        assert!(
            text.contains(&format!("--git {REPOSITORY} {tag}")),
            "{text}"
        );
        if file == CiFile::Github {
            continue;
        }
        let hides = "env -u HEROKU_API_KEY -u NIXDYNO_NETRC ";
        for start in ["cargo install", "apt-get ", "npm install", " --check"] {
            let lines = text
                .lines()
                .filter(|it| !it.starts_with('#') && it.contains(start));
            for line in lines {
                assert!(line.contains(hides), "{line}");
            }
        }
        assert!(text.contains(&format!("{hides}cargo install")), "{text}");
        assert!(
            text.contains(&format!("{hides}nixdyno generate ci")),
            "{text}"
        );
    }
}

#[test]
fn what_is_not_there_counts_as_removed_and_keys_go_by_https() {
    for file in FILES.into_iter().filter(|it| *it != CiFile::Circleci) {
        let wanted = Ci {
            review_apps: true,
            ..asked(file)
        };
        let text = ci(&app(), &wanted).unwrap();
        for part in ["--max-time 60 ", "'=https'", "2??|404) ;;"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    let script = ci(
        &app(),
        &Ci {
            review_apps: true,
            ..asked(CiFile::Circleci)
        },
    );
    assert!(script.unwrap().contains("-n \"${CIRCLE_PR_REPONAME:-}\""));
}

#[test]
fn a_review_app_s_missing_variables_are_named() {
    let mut plan = app();
    let need = |names: &[&str]| crate::inspect::Need {
        id: NeedId::Config,
        what: String::new(),
        todo: String::new(),
        names: names.iter().map(|it| (*it).to_owned()).collect(),
        value: None,
        source: None,
    };
    plan.needs = vec![
        need(&["SECRET", "x\nid"]),
        need(&["DATABASE_URL", "SECRET"]),
    ];
    for file in FILES {
        let wanted = |review_apps| Ci {
            review_apps,
            ..asked(file)
        };
        let said = "the variables that the app needs: DATABASE_URL, SECRET.\n";
        let text = ci(&plan, &wanted(true)).unwrap();
        assert!(text.contains(said), "{text}");
        assert!(!ci(&plan, &wanted(false)).unwrap().contains("DATABASE_URL"));
    }
}
