//! package.json and pnpm-workspace.yaml: programs, the start script, what it builds.
//!
//! Takes the file; gives `bin`, `scripts.start` and dependencies. Never runs npm's own rules further than
//! its manual says them.

use super::file::{File, Found};
use super::json::{Object, strings};
use super::{Manifest, Said, site, yaml};

pub(super) fn package(file: &File<'_>) -> Option<Found> {
    let object = Object::of(file.text)?;
    let mut manifest = file.manifest();
    manifest.name = object.said(file, "name");
    manifest.programs = programs(file, &object, manifest.name.as_ref());
    manifest.start = start(file, &object);
    let needed = ["dependencies", "optionalDependencies"].into_iter();
    manifest.dependencies = needed.flat_map(|it| object.keys(it)).cloned().collect();
    manifest.builds_site = site::of(file, &object, &manifest);
    manifest.is_library = is_library(&object, &manifest);
    Some(Found {
        members: members(&object),
        manifest: Some(manifest),
    })
}

/// `bin` is one file, named as the package, or a name for each.
fn programs(file: &File<'_>, object: &Object, name: Option<&Said>) -> Vec<Said> {
    if object.get("bin").is_some_and(serde_json::Value::is_string) {
        let name = name.and_then(|it| it.value.rsplit('/').next());
        let said = name.map(|name| file.said(name, object.at("bin")));
        return said.into_iter().collect();
    }
    let names = object.keys("bin");
    names
        .map(|name| file.said(name.as_str(), object.at_inner("bin", name)))
        .collect()
}

/// The start script; without one npm runs server.js, if there is one.
fn start(file: &File<'_>, object: &Object) -> Option<Said> {
    let stated = object.said_inner(file, "scripts", "start");
    let stated = stated.filter(|it| !it.value.trim().is_empty());
    stated.or_else(|| {
        file.has("server.js")
            .then(|| file.said("node server.js", 0))
    })
}

/// What others import: an entry point, and nothing that starts or shows.
fn is_library(object: &Object, manifest: &Manifest) -> bool {
    let entries = ["main", "module", "exports", "types"];
    entries.iter().any(|key| object.get(key).is_some())
        && manifest.programs.is_empty()
        && manifest.start.is_none()
        && manifest.builds_site.is_none()
        && site::server(&manifest.dependencies).is_none()
}

fn members(object: &Object) -> Vec<String> {
    let list = object.get("workspaces");
    let list = list.and_then(|it| it.get("packages")).or(list);
    strings(list).into_iter().map(str::to_owned).collect()
}

pub(super) fn pnpm(file: &File<'_>) -> Option<Found> {
    let entries = yaml::entries(file.text).into_iter();
    let members = entries.filter(|entry| entry.path == "packages/-");
    Some(Found {
        manifest: None,
        members: members.map(|entry| entry.value.to_owned()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn bin_is_a_file_or_names() {
        let one = "{\n \"name\": \"@marsh/guestbook\",\n \"bin\": \"cli.js\",\n \"dependencies\": {\"koa\": \"2\"},\n \"devDependencies\": {\"vite\": \"6\"}\n}";
        assert_eq!(
            told(&[("package.json", one)]),
            ["package.json | name @marsh/guestbook@2 | programs guestbook@3 | needs koa"]
        );
        let more = "{\n \"name\": \"board\",\n \"scripts\": {\n  \"start\": \"node src/x.js\"},\n \"bin\": {\n  \"board-web\": \"x\",\n  \"board-job\": \"y\"}\n}";
        assert_eq!(
            told(&[("package.json", more)]),
            [
                "package.json | name board@2 | programs board-job@7 board-web@6 | start node src/x.js@4"
            ]
        );
    }

    #[test]
    fn npm_starts_server_js_and_what_only_exports_is_a_library() {
        assert_eq!(
            told(&[("package.json", "{\"main\": \"a.js\"}"), ("server.js", "")]),
            ["package.json | start node server.js@1"]
        );
        assert_eq!(
            told(&[("package.json", "{\"main\": \"a.js\"}")]),
            ["package.json | library"]
        );
        let server = "{\"main\": \"a.js\", \"dependencies\": {\"express\": \"5\"}}";
        assert_eq!(
            told(&[("package.json", server)]),
            ["package.json | needs express"]
        );
    }

    #[test]
    fn workspaces_of_npm_and_pnpm_are_followed() {
        assert_eq!(
            told(&[
                (
                    "package.json",
                    "{\"workspaces\": {\"packages\": [\"apps/*\"]}}"
                ),
                (
                    "pnpm-workspace.yaml",
                    "packages:\n  - 'libs/*'   # shared\n  - \"!libs/old\"\n"
                ),
                ("apps/web/package.json", "{\"name\": \"web\"}"),
                ("libs/ui/package.json", "{\"name\": \"ui\"}"),
                ("libs/old/package.json", "{\"name\": \"old\"}"),
            ]),
            [
                "apps/web/package.json | name web@1",
                "libs/ui/package.json | name ui@1",
                "package.json",
            ]
        );
    }
}
