//! A generated heroku.yml, read by the real Heroku CLI.

use std::process::Command;

use serde_json::Value;

use crate::common::{Outcome, Project, nixdyno, run};
use crate::lab::{App, tool};

const FLAKE: &str = r#"{ outputs = { self }: { packages.x86_64-linux.default = derivation { name = "gull"; system = "x86_64-linux"; builder = "/bin/sh"; } // { meta.mainProgram = "gull"; }; }; }"#;

/// Texts that a reader of YAML could take for something else.
const ODD: &[(&str, &str)] = &[
    ("COLON", "a: b #c"),
    ("DATE", "2024-01-01"),
    ("LINES", "one\ntwo\t\"three\"\\"),
    ("NUMBER", "1.10"),
    ("QUOTES", "it's \"fine\""),
    ("SWITCH", "on"),
    ("WORDS", "Grüße 🐦"),
];

#[test]
#[ignore = "lab"]
fn the_cli_makes_an_app_by_it() {
    let env: serde_json::Map<String, Value> = ODD
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).into()))
        .collect();
    let app_json = serde_json::json!({
        "addons": ["heroku-redis:mini", { "plan": "heroku-postgresql", "as": "LEDGER" }],
        "env": env,
    });
    let project = Project::new(&[
        ("flake.nix", FLAKE),
        (
            "Procfile",
            "web: gull serve --port $PORT\nworker: gull work\nrelease: gull migrate\n",
        ),
        ("app.json", &app_json.to_string()),
    ]);
    run(&mut nixdyno(project.path(), &["generate", "heroku-yml"])).exits(0);

    let app = App::to_come("of-a-manifest");
    let made = Command::new("heroku")
        .args(["create", &app.0, "--manifest"])
        .current_dir(project.path())
        .output()
        .unwrap();
    Outcome::of(&made).exits(0);

    let json = |args: &[&str]| -> Value {
        let args = [args, &["--app", &app.0, "--json"]].concat();
        serde_json::from_str(&tool("heroku", &args)).unwrap()
    };
    assert_eq!(json(&["apps:info"])["app"]["stack"]["name"], "container");
    let config = json(&["config"]);
    for (name, value) in ODD {
        assert_eq!(config[name], *value, "{config}");
    }
    let addons = json(&["addons"]);
    let mut plans: Vec<&str> = addons
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["plan"]["name"].as_str().unwrap())
        .collect();
    plans.sort_unstable();
    assert_eq!(
        plans,
        ["heroku-postgresql", "heroku-redis:mini"],
        "{addons}"
    );
    let ledger = addons
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["plan"]["name"] == "heroku-postgresql")
        .unwrap();
    assert_eq!(ledger["attachments"][0]["name"], "LEDGER", "{addons}");
}
