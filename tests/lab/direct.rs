//! The route without Docker: real store paths of the lab's Nix to the lab's registry, and everybody else as judge.

mod app;
mod faults;
mod judges;
mod ways;

use std::path::Path;

use serde_json::Value;

use crate::common::{self, Project, root};
use crate::lab::{App, asked, nixdyno, no_secret, run, tool, variable};
use app::{Small, small};

/// Where the lab's registry is, without the front that plays Heroku's.
const REGISTRY: &str = "docker://127.0.0.1:5000";

/// A machine of a user: what nixdyno remembers on it.
struct Machine(Project);

impl Machine {
    fn new() -> Self {
        Machine(Project::new(&[]))
    }

    /// Brings an app to a place; gives the answer's only image.
    fn build(&self, app: &Small, place: &str, more: &[&str]) -> Value {
        let mut words = vec!["build", "--json", "--output", place];
        for path in &app.paths {
            words.extend(["--store-path", path]);
        }
        words.extend(more);
        let mut command = nixdyno(self.0.path(), &words);
        command.env("XDG_CACHE_HOME", self.0.path().join("cache"));
        let done = crate::common::run(&mut command).exits(0);
        let images = done.json()["images"].as_array().unwrap().clone();
        assert_eq!(images.len(), 1, "{done}");
        images[0].clone()
    }
}

fn sent(image: &Value) -> u64 {
    image["sent"].as_u64().unwrap()
}

#[test]
#[ignore = "lab"]
fn only_what_changed_is_sent_whoever_sends_it() {
    let place = format!("{REGISTRY}/direct/changed:1");
    let machine = Machine::new();
    let first = machine.build(&small("changed-1"), &place, &[]);
    assert!(sent(&first) > 8_000_000, "{first}");
    for machine in [&machine, &Machine::new()] {
        let again = machine.build(&small("changed-1"), &place, &[]);
        assert_eq!(again["unchanged"], true, "{again}");
        assert_eq!(sent(&again), 0, "{again}");
        assert_eq!(again["image"], first["image"]);
    }
    // The app's own twelve megabytes can't be compressed; all else stays.
    for (number, machine) in [machine, Machine::new()].iter().enumerate() {
        let app = small(&format!("changed-{}", number + 2));
        let changed = machine.build(&app, &place, &[]);
        let most = app.bytes * 105 / 100;
        assert!((app.bytes..most).contains(&sent(&changed)), "{changed}");
    }
}

#[test]
#[ignore = "lab"]
fn another_process_shares_the_layers() {
    let app = App::new("direct-types");
    let built = small("types");
    let project = Project::new(&[("Procfile", "web: web\nworker: web worker\n")]);
    let words = [
        "deploy",
        "--route",
        "direct",
        "-a",
        &app.0,
        "--store-path",
        &built.paths[0],
        "--store-path",
    ];
    let words = [&words[..], &[&built.paths[1], "--json"]].concat();
    let before = asked("POST").len();
    let done = run(project.path(), &words).exits(0);
    no_secret(&done);
    assert_eq!(done.json()["route"], "direct", "{done}");
    assert!(app.page().contains("small"), "{done}");
    let mounts = asked("POST").into_iter().skip(before);
    let mounts = mounts
        .filter(|it| it.to_string().contains("mount="))
        .count();
    let layers = done.json()["images"][0]["layers"].as_u64().unwrap();
    assert_eq!(mounts as u64, layers, "{done}");
    let again = run(project.path(), &words).exits(0);
    assert_eq!(again.json()["changed"], false, "{again}");
}

#[test]
#[ignore = "lab"]
fn an_engine_pulls_only_what_is_new() {
    let name = "direct/pulled";
    let machine = Machine::new();
    let place = format!("{REGISTRY}/{name}:1");
    let image = format!("127.0.0.1:5000/{name}:1");
    machine.build(&small("pulled-1"), &place, &[]);
    tool("docker", &["pull", &image]);
    let changed = machine.build(&small("pulled-2"), &place, &[]);
    let pulled = tool("docker", &["pull", &image]);
    let of = |state: &str| pulled.lines().filter(|it| it.contains(state)).count();
    let layers = changed["layers"].as_u64().unwrap();
    // The app's own layer, and the root that leads to it.
    assert_eq!(of("Pull complete"), 2, "{pulled}");
    assert_eq!(of("Already exists") as u64 + 2, layers, "{pulled}");
}

#[test]
#[ignore = "lab"]
fn a_layer_that_the_registry_lost_is_sent_again() {
    let name = "direct/lost";
    let place = format!("{REGISTRY}/{name}:1");
    let machine = Machine::new();
    machine.build(&small("lost-1"), &place, &[]);
    let layers = Path::new(&variable("LAB_DIR"))
        .join("registry/docker/registry/v2/repositories")
        .join(name)
        .join("_layers/sha256");
    std::fs::remove_dir_all(&layers).unwrap();
    let changed = machine.build(&small("lost-2"), &place, &[]);
    assert_eq!(changed["unchanged"], false, "{changed}");
    tool("docker", &["pull", &format!("127.0.0.1:5000/{name}:1")]);
}

/// Both have the store and Debian's programs, and nothing else of this machine.
#[test]
#[ignore = "lab"]
fn two_clean_containers_make_the_same_image() {
    let app = small("containers");
    crate::ci::empty_image();
    let made = |name: &str| {
        let home = Project::new(&[]);
        let place = home.path().join("image.tar");
        in_container(home.path(), &app, name);
        std::fs::read(place).unwrap()
    };
    let (one, other) = (made("one"), made("other"));
    assert!(one.len() > 8_000_000);
    assert!(
        one == other,
        "two containers made two images of the same paths"
    );
}

fn in_container(home: &Path, app: &Small, name: &str) {
    let lab = variable("LAB_DIR");
    let (binary, home) = (env!("CARGO_BIN_EXE_nixdyno"), home.display());
    let volumes = [
        "/usr:/usr:ro".to_owned(),
        "/nix:/nix".to_owned(),
        format!("{lab}:{lab}"),
        format!("{binary}:/nixdyno:ro"),
        format!("{home}:/home"),
    ];
    let mut words = vec!["run", "--rm", "--hostname", name, "--workdir", "/home"];
    for volume in &volumes {
        words.extend(["--volume", volume]);
    }
    let path = format!("PATH={}", std::env::var("PATH").unwrap());
    let conf = format!("NIX_CONF_DIR={}", variable("NIX_CONF_DIR"));
    words.extend([
        "--env",
        "USER=root",
        "--env",
        "HOME=/home",
        "--env",
        &path,
        "--env",
        &conf,
    ]);
    words.extend([crate::ci::EMPTY, "/nixdyno", "build", "--fresh"]);
    words.extend(["--output", "/home/image.tar"]);
    for path in &app.paths {
        words.extend(["--store-path", path]);
    }
    tool("docker", &words);
}

/// Doctor means the route that a deploy would take.
#[test]
#[ignore = "lab"]
fn doctor_tells_what_keeps_a_project_from_this_route() {
    let flake = std::fs::read_to_string(root().join("examples/static-binary/flake.nix")).unwrap();
    let told = |name: &str, text: &str| {
        let project = Project::new(&[("flake.nix", flake.as_str()), (name, text)]);
        let doctor = common::run(nixdyno(project.path(), &["doctor"]).env_remove("NIXDYNO_ROUTE"));
        let mut lines = doctor.stdout.lines();
        let line = lines.find(|line| line.contains("route direct")).unwrap();
        [line, lines.next().unwrap()].join("\n")
    };
    let free = told("nixdyno.toml", "");
    assert!(
        free.starts_with("ok       route direct: can be taken"),
        "{free}"
    );
    for (name, text, why) in [
        (
            "nixdyno.toml",
            "options = { cores = 2 }",
            "`option cores` of nixdyno.toml count in Docker only",
        ),
        (
            ".slugexclude",
            "*.a\n",
            "rules for what stays out are carried out in Docker",
        ),
    ] {
        let kept = told(name, text);
        assert!(kept.starts_with("missing  route direct"), "{kept}");
        assert!(kept.contains(why), "{kept}");
    }
}
