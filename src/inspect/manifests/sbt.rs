//! build.sbt: projects, library dependencies, and the script that native-packager writes.
//!
//! Takes the file, by text; gives a program for each project that enables a packaging plugin. Never
//! follows a value of Scala: a name that is computed is not known.

use super::Said;
use super::file::{File, Found, lines};
use super::scan;

/// Plugins that write a start script, all by native-packager.
const PACKAGES: &[&str] = &[
    "JavaAppPackaging",
    "JavaServerAppPackaging",
    "PlayScala",
    "PlayJava",
    "PlayService",
    "UniversalPlugin",
];

/// Plugins of project/plugins.sbt that bring the above.
const BRINGS: &[&str] = &["sbt-native-packager", "\"sbt-plugin\""];

pub(super) fn read(file: &File<'_>) -> Option<Found> {
    let text = &scan::without_comments(file.text, &scan::SLASHES);
    let mut manifest = file.manifest();
    let plugins = file.tree.text(&file.beside("project/plugins.sbt"));
    let packages = plugins.is_some_and(|text| BRINGS.iter().any(|name| text.contains(name)));
    let parts = projects(text);
    for (index, (start, part)) in parts.iter().enumerate() {
        let named = setting(part, "name").map(|(at, name)| file.said(name, start + at));
        let named = named.or_else(|| {
            let value = part.strip_prefix("lazy val ").map(scan::name);
            value
                .filter(|it| !it.is_empty())
                .map(|it| file.said(it, *start))
        });
        // The root is what stands outside of projects, or the project of the folder itself.
        let outside = index == 0 && !part.starts_with("lazy val ");
        if outside || part.contains("file(\".\")") {
            manifest.name.clone_from(&named);
        }
        if packages
            && PACKAGES
                .iter()
                .any(|plugin| scan::word(part, plugin, 0).is_some())
        {
            let stated = setting(part, "executableScriptName");
            let stated = stated.map(|(at, name)| file.said(name, start + at));
            manifest
                .programs
                .extend(stated.or_else(|| named.map(normalized)));
        }
    }
    for (_, line) in lines(text) {
        if line.contains('%') && scan::word(line, "Test", 0).is_none() {
            // `"org" %% "artifact" % "version"`
            let names = scan::strings(line).skip(1).step_by(3).take(1);
            manifest
                .dependencies
                .extend(names.map(|(_, name)| name.to_owned()));
        }
    }
    Some(manifest.into())
}

/// The text before the first project, and each `lazy val …`.
fn projects(text: &str) -> Vec<(usize, &str)> {
    let starts = lines(text)
        .filter(|(_, line)| line.starts_with("lazy val "))
        .map(|(at, _)| at);
    let starts: Vec<usize> = std::iter::once(0)
        .chain(starts.filter(|at| *at > 0))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let parts = starts.iter().zip(ends);
    parts
        .filter_map(|(start, end)| Some((*start, text.get(*start..end)?)))
        .collect()
}

/// The string that `key := "…"` sets; not that of `ThisBuild / key`, which is everybody's.
fn setting<'t>(part: &'t str, key: &str) -> Option<(usize, &'t str)> {
    let mut from = 0;
    while let Some(at) = scan::word(part, key, from) {
        let after = at + key.len();
        let scoped = part.get(..at)?.trim_end().ends_with('/');
        let value = part
            .get(after..)?
            .trim_start()
            .strip_prefix(":=")
            .map(str::trim_start);
        if let Some(value) = value.filter(|it| it.starts_with('"') && !scoped) {
            return scan::string_after(part, part.len() - value.len());
        }
        from = after;
    }
    None
}

/// As sbt writes a project's name where files are named after it: `My App` is `my-app`.
fn normalized(mut name: Said) -> Said {
    let mut value = String::new();
    for letter in name.value.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            value.push(letter);
        } else if !value.ends_with('-') {
            value.push('-');
        }
    }
    name.value = value;
    name
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn the_packager_names_the_script_as_the_project() {
        let build = "ThisBuild / name := \"no\"\n// name := \"old\"\nname := \"Turn Stile\"\nenablePlugins(JavaAppPackaging)\nlibraryDependencies ++= Seq(\n  \"org.http4s\" %% \"http4s-ember-server\" % \"0.23\",\n  \"org.scalameta\" %% \"munit\" % \"1.0\" % Test\n)\n";
        let plugins = "addSbtPlugin(\"com.github.sbt\" % \"sbt-native-packager\" % \"1.10.4\")\n";
        assert_eq!(
            told(&[("build.sbt", build), ("project/plugins.sbt", plugins)]),
            ["build.sbt | name Turn Stile@3 | programs turn-stile@3 | needs http4s-ember-server"]
        );
        assert_eq!(
            told(&[("build.sbt", build)]),
            ["build.sbt | name Turn Stile@3 | needs http4s-ember-server"]
        );
    }

    #[test]
    fn each_project_of_a_build_is_asked() {
        let build = "lazy val model = (project in file(\"model\"))\n\nlazy val web = project\n  .enablePlugins(PlayScala)\n  .settings(name := \"gate-web\")\n\nlazy val jobs = project\n  .enablePlugins(JavaAppPackaging)\n  .settings(\n    executableScriptName := \"run-jobs\"\n  )\n";
        let plugins = "addSbtPlugin(\"org.playframework\" % \"sbt-plugin\" % \"3.0.6\")\n";
        assert_eq!(
            told(&[("build.sbt", build), ("project/plugins.sbt", plugins)]),
            ["build.sbt | programs gate-web@5 run-jobs@10"]
        );
        let root = "lazy val root = (project in file(\".\")).settings(name := \"gate\")\n";
        assert_eq!(told(&[("build.sbt", root)]), ["build.sbt | name gate@1"]);
    }
}
