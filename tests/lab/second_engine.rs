//! An engine that is new to an app, as in CI: what it sends, and what it needs to know for that.

use crate::common::{self, Outcome, Project};
use crate::lab::{App, base, nixdyno, run, tool, variable};
use crate::layers::NIXPKGS;

struct Engine(String);

impl Engine {
    fn start() -> Self {
        let script = common::root().join("tests/lab/second-engine.sh");
        let host = tool(script.to_str().unwrap(), &["start", &base()]);
        Engine(host.trim().to_owned())
    }

    fn deploy(&self, project: &Project, app: &App) -> Outcome {
        let mut command = nixdyno(project.path(), &["deploy", "--app", &app.0, "--json"]);
        common::run(command.args(NIXPKGS).env("DOCKER_HOST", &self.0)).exits(0)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let script = common::root().join("tests/lab/second-engine.sh");
        tool(script.to_str().unwrap(), &["stop"]);
    }
}

#[test]
#[ignore = "lab"]
fn an_engine_new_to_an_app_sends_what_is_new_and_no_more() {
    let project = Project::copy("examples/python-web");
    let app = App::new("second-engine");
    let args = ["deploy", "--app", &app.0];
    let first = run(project.path(), &[&args[..], &NIXPKGS].concat()).exits(0);
    assert!(!first.stderr.contains("are pulled first"), "{first}");

    let source = project.read("app/app.py");
    project.write("app/app.py", &format!("{source}\n# edited\n"));
    let engine = Engine::start();
    let second = engine.deploy(&project, &app);
    let told = |outcome: &Outcome, words: &str| outcome.stderr.matches(words).count();
    assert!(told(&second, "Layer already exists") >= 2, "{second}");
    assert_eq!(told(&second, ": Pushed"), 1, "{second}");
    let old_store = variable("LAB_ENGINE") == "20.10";
    assert_eq!(
        told(&second, "are pulled first"),
        usize::from(old_store),
        "{second}"
    );
    assert_eq!(second.json()["changed"], true, "{second}");

    let unchanged = engine.deploy(&project, &app);
    assert_eq!(unchanged.json()["changed"], false, "{unchanged}");
    assert_eq!(told(&unchanged, "are pulled first"), 0, "{unchanged}");
    let all = tool(
        "docker",
        &["--host", &engine.0, "image", "ls", "--all", "--digests"],
    );
    assert_eq!(
        all.matches("<none>       <none>").count(),
        0,
        "an image is left: {all}"
    );
}
