//! build.gradle and settings.gradle, in Groovy and in Kotlin.
//!
//! Takes the file, by text; gives the start script of the application plugin, dependencies and
//! subprojects. Never runs a build script: a name that is computed is not known.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Said;
use super::file::{File, Found, lines, said_by};
use super::scan;
use super::table;

/// Plugins that write a start script; the frameworks' apply the first.
const APPLICATIONS: &[&str] = &["application", "io.ktor.plugin", "io.micronaut.application"];
/// What a dependency's line begins with, when the program needs it to run.
const NEEDED: &[&str] = &[
    "implementation",
    "api",
    "compile",
    "runtimeOnly",
    "runtime",
    "developmentOnly",
];
const SETTINGS: &[&str] = &["settings.gradle", "settings.gradle.kts"];

pub(super) fn build(file: &File<'_>) -> Option<Found> {
    let text = &scan::without_comments(file.text, &scan::SLASHES);
    let mut manifest = file.manifest();
    manifest.name = name(file);
    let catalog = catalog(file);
    let (mut applies, mut library, mut script) = (false, false, None);
    for (start, line) in lines(text) {
        let trimmed = without_block(line).trim_matches('`');
        let word = scan::name(trimmed);
        let strings = || scan::strings(line).map(|(_, value)| value);
        let is_plugin = matches!(word, "id" | "apply") || (word == trimmed && !word.is_empty());
        if is_plugin && !line.contains("apply false") {
            let plugin = strings().next().unwrap_or(word);
            applies |= APPLICATIONS.contains(&plugin);
            library |= plugin == "java-library" || trimmed == "java-library";
        } else if trimmed == "java-library" {
            library = true;
        } else if word == "applicationName" {
            script = scan::string_after(text, start).map(|(at, name)| file.said(name, at));
        } else if NEEDED.contains(&word) {
            // `project(":model")` has no group.
            let stated = strings().filter(|it| !it.starts_with(':'));
            let stated = stated.filter_map(|it| it.split(':').nth(1));
            manifest.dependencies.extend(stated.map(str::to_owned));
            let alias = trimmed.split_once("libs.").map(|(_, it)| it);
            let alias = alias.map(|it| it.split([')', ' ', '}']).next().unwrap_or(it));
            manifest
                .dependencies
                .extend(alias.and_then(|it| catalog.get(it).cloned()));
        }
    }
    if applies {
        manifest.programs = script
            .or_else(|| manifest.name.clone())
            .into_iter()
            .collect();
    }
    manifest.is_library = library && !applies;
    Some(manifest.into())
}

/// `plugins { application }` on one line is the same as on three.
fn without_block(line: &str) -> &str {
    let line = line.trim();
    let inside = line.strip_prefix("plugins").map(str::trim_start);
    let inside = inside.and_then(|it| it.strip_prefix('{')?.strip_suffix('}'));
    inside.unwrap_or(line).trim()
}

/// The root's name stands in its settings; a subproject is named as its folder.
fn name(file: &File<'_>) -> Option<Said> {
    if let Some(path) = settings_in(file, file.folder) {
        let text = file.tree.text(&path)?;
        let settings = File::new(file.tree, &path, &text, super::Ecosystem::Jvm);
        let text = scan::without_comments(settings.text, &scan::SLASHES);
        let at = scan::word(&text, "rootProject.name", 0)?;
        let (at, name) = scan::string_after(&text, at)?;
        return Some(settings.said(name, at));
    }
    let above = file.folder.ancestors().skip(1);
    let mut settings = above.filter_map(|it| settings_in(file, it));
    settings.next()?;
    let folder = file.folder.file_name()?.to_str()?;
    Some(said_by(file.path.to_owned(), folder))
}

fn settings_in(file: &File<'_>, folder: &Path) -> Option<PathBuf> {
    let mut paths = SETTINGS.iter().map(|name| folder.join(name));
    paths.find(|path| file.tree.has(path))
}

/// Artifacts by their name in a build script: `libs.ktor.server.netty` is `ktor-server-netty` here.
fn catalog(file: &File<'_>) -> BTreeMap<String, String> {
    let paths = file
        .folder
        .ancestors()
        .map(|it| it.join("gradle/libs.versions.toml"));
    let text = paths.into_iter().find_map(|path| file.tree.text(&path));
    let Some(text) = text else {
        return BTreeMap::new();
    };
    let Some(root) = table::parse(&text) else {
        return BTreeMap::new();
    };
    let libraries = table::entries(&root, &["libraries"]);
    let artifacts = libraries.filter_map(|(alias, _, value)| {
        let module = value.as_table().and_then(|it| table::text(it, &["module"]));
        let whole = module
            .or(value.as_str())
            .and_then(|it| it.split(':').nth(1));
        let name = whole.or_else(|| table::text(value.as_table()?, &["name"]))?;
        Some((alias.replace(['-', '_'], "."), name.to_owned()))
    });
    artifacts.collect()
}

/// Subprojects: `include("web", ":shared:model")`.
pub(super) fn settings(file: &File<'_>) -> Option<Found> {
    let text = scan::without_comments(file.text, &scan::SLASHES);
    let mut members = Vec::new();
    let mut open = false;
    for (_, line) in lines(&text) {
        let word = scan::name(line.trim_start());
        if word == "include" || open {
            let paths =
                scan::strings(line).map(|(_, path)| path.trim_start_matches(':').replace(':', "/"));
            members.extend(paths);
            // A list goes on after a comma, or while its bracket is open.
            let end = line.trim_end();
            open = !end.ends_with(')') && (end.ends_with([',', '(']) || (open && end.is_empty()));
        }
    }
    Some(Found {
        manifest: None,
        members,
    })
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn the_application_plugin_writes_a_script() {
        let build = "plugins {\n    id 'application'\n}\ndependencies {\n    implementation 'io.javalin:javalin:6.3.0' // web\n    testImplementation 'junit:junit:4'\n    implementation project(':model')\n}\n";
        let settings = "rootProject.name = 'tide-desk'\n";
        assert_eq!(
            told(&[("build.gradle", build), ("settings.gradle", settings)]),
            [
                "build.gradle | name tide-desk@settings.gradle:1 | programs tide-desk@settings.gradle:1 | needs javalin"
            ]
        );
        let named = "plugins { `java-library` }\napplication {\n  applicationName = \"desk\"\n}\napply plugin: 'application'\n";
        assert_eq!(
            told(&[("build.gradle", named)]),
            ["build.gradle | programs desk@3"]
        );
    }

    #[test]
    fn subprojects_and_the_catalog_are_followed() {
        let settings =
            "rootProject.name = \"shore\"\ninclude(\n    \"web\",\n    \":libs:model\",\n)\n";
        let web = "plugins {\n    application\n    alias(libs.plugins.kotlin)\n}\ndependencies {\n    implementation(libs.ktor.server.netty)\n    implementation(project(\":libs:model\"))\n}\n";
        let model = "plugins {\n    `java-library`\n}\n";
        let catalog = "[libraries]\nktor-server_netty = { module = \"io.ktor:ktor-server-netty-jvm\", version = \"3\" }\n";
        assert_eq!(
            told(&[
                ("settings.gradle.kts", settings),
                ("gradle/libs.versions.toml", catalog),
                ("web/build.gradle.kts", web),
                ("libs/model/build.gradle.kts", model),
            ]),
            [
                "libs/model/build.gradle.kts | name model@1 | library",
                "web/build.gradle.kts | name web@1 | programs web@1 | needs ktor-server-netty-jvm",
            ]
        );
    }
}
