//! Whether a package.json builds files for a browser, and no server.
//!
//! Takes the scripts and dependencies; gives the build script that says so. Never: a site where a server
//! is started or depended on, for then the files are only its assets.

use super::file::File;
use super::json::Object;
use super::{Manifest, Said};

/// A tool that builds sites.
struct Tool {
    /// The command's words.
    words: &'static [&'static str],
    /// When it builds a site, and not something else.
    when: When,
}

/// What must be there besides the command.
enum When {
    /// The tool builds nothing but sites.
    Always,
    /// It bundles anything: a page must be there.
    Page,
    /// A line of the tool's configuration, which is one of these files, holds all these words.
    Config(&'static [&'static str], &'static [&'static str]),
}

const NEXT: &[&str] = &["next.config.js", "next.config.mjs", "next.config.ts"];

const fn tool(words: &'static [&'static str], when: When) -> Tool {
    Tool { words, when }
}

/// One row is one tool.
const TOOLS: &[Tool] = &[
    tool(&["vite", "build"], When::Page),
    tool(&["vite"], When::Page),
    tool(&["webpack"], When::Page),
    tool(&["parcel"], When::Page),
    tool(&["esbuild"], When::Page),
    tool(&["rollup"], When::Page),
    tool(&["astro", "build"], When::Always),
    tool(&["eleventy"], When::Always),
    tool(&["@11ty/eleventy"], When::Always),
    tool(&["react-scripts", "build"], When::Always),
    tool(&["vue-cli-service", "build"], When::Always),
    tool(&["ng", "build"], When::Always),
    tool(&["gatsby", "build"], When::Always),
    tool(&["docusaurus", "build"], When::Always),
    tool(&["vitepress", "build"], When::Always),
    tool(&["vuepress", "build"], When::Always),
    tool(&["nuxt", "generate"], When::Always),
    tool(&["nuxi", "generate"], When::Always),
    tool(&["next", "export"], When::Always),
    tool(
        &["next", "build"],
        When::Config(NEXT, &["output", "export"]),
    ),
    tool(&["hexo", "generate"], When::Always),
    tool(&["ember", "build"], When::Always),
    tool(&["hugo"], When::Always),
    tool(&["zola", "build"], When::Always),
    tool(&["elm", "make"], When::Page),
];

/// Packages that serve HTTP, sorted. Only what is needed at run time counts: tests have mock servers.
const SERVERS: &[&str] = &[
    "@adonisjs/core",
    "@apollo/server",
    "@astrojs/node",
    "@feathersjs/feathers",
    "@hapi/hapi",
    "@hono/node-server",
    "@nestjs/core",
    "@react-router/node",
    "@react-router/serve",
    "@remix-run/express",
    "@remix-run/node",
    "@remix-run/serve",
    "@sveltejs/adapter-node",
    "apollo-server",
    "connect",
    "elysia",
    "express",
    "fastify",
    "h3",
    "hapi",
    "hono",
    "koa",
    "micro",
    "nitropack",
    "polka",
    "restify",
    "sails",
    "socket.io",
    "uWebSockets.js",
    "ws",
];

/// Commands that show a site while it is written, or its files as they are.
const SHOWS: &[&str] = &[
    "astro",
    "eleventy",
    "gatsby",
    "http-server",
    "live-server",
    "ng",
    "parcel",
    "react-scripts",
    "serve",
    "sirv",
    "vite",
    "vitepress",
    "vue-cli-service",
    "webpack",
    "webpack-dev-server",
    "docusaurus",
    "next",
];

/// The build script, if it builds a site.
pub(super) fn of(file: &File<'_>, object: &Object, manifest: &Manifest) -> Option<Said> {
    let build = object.said_inner(file, "scripts", "build")?;
    if !manifest.programs.is_empty() || server(&manifest.dependencies).is_some() {
        return None;
    }
    let starts = |it: &Said| {
        !words(object, &it.value)
            .iter()
            .any(|word| SHOWS.contains(&word.as_str()))
    };
    if manifest.start.as_ref().is_some_and(starts) {
        return None;
    }
    let words = words(object, &build.value);
    let tool = TOOLS
        .iter()
        .find(|tool| has(&words, tool.words) && fits(file, object, tool))?;
    let kit = uses(object, "@sveltejs/kit") && !uses(object, "@sveltejs/adapter-static");
    let astro = tool.words == ["astro", "build"] && uses(object, "@astrojs/node");
    (!kit && !astro).then_some(build)
}

/// The first dependency that serves HTTP.
pub(super) fn server(dependencies: &[String]) -> Option<&String> {
    dependencies
        .iter()
        .find(|name| SERVERS.binary_search(&name.as_str()).is_ok())
}

/// The words of a script, and of the scripts that it runs, one step far.
fn words(object: &Object, script: &str) -> Vec<String> {
    let mut found: Vec<String> = split(script).collect();
    for name in split(script) {
        let other = object.inner("scripts", &name).and_then(|it| it.as_str());
        found.extend(other.into_iter().flat_map(split));
    }
    found
}

fn split(script: &str) -> impl Iterator<Item = String> + '_ {
    let words = script.split(|c: char| {
        c.is_whitespace() || matches!(c, '&' | ';' | '|' | '"' | '\'' | '(' | ')')
    });
    let words = words.filter(|word| !word.is_empty()).take(200);
    words.map(|word| {
        word.rsplit_once(".bin/")
            .map_or(word, |(_, it)| it)
            .to_owned()
    })
}

fn has(words: &[String], tool: &[&str]) -> bool {
    words.windows(tool.len()).any(|it| it == tool)
}

fn uses(object: &Object, package: &str) -> bool {
    let tables = ["dependencies", "devDependencies"];
    tables
        .iter()
        .any(|table| object.inner(table, package).is_some())
}

fn fits(file: &File<'_>, object: &Object, tool: &Tool) -> bool {
    match tool.when {
        When::Always => true,
        When::Page => {
            let pages = ["index.html", "src/index.html", "public/index.html"];
            pages.iter().any(|page| file.has(page))
                || uses(object, "html-webpack-plugin")
                || uses(object, "@sveltejs/adapter-static")
        }
        When::Config(names, needed) => names.iter().any(|name| {
            let text = file.tree.text(&file.beside(name));
            let holds = |line: &str| needed.iter().all(|word| line.contains(word));
            text.is_some_and(|text| text.lines().any(holds))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::manifests::tests::told;

    fn is_site(scripts: &str, more: &str, file: (&str, &str)) -> bool {
        let text = format!("{{\"scripts\": {{{scripts}}}, {more} \"private\": true}}");
        let told = told(&[("package.json", &text), file]);
        assert_eq!(told.len(), 1, "{text}");
        told[0].contains(" | site ")
    }

    #[test]
    fn the_servers_are_sorted() {
        assert!(SERVERS.is_sorted());
    }

    #[test]
    fn what_builds_pages_and_serves_nothing_is_a_site() {
        let page = ("index.html", "");
        let build = "\"build\": \"tsc && vite build\"";
        assert!(is_site(build, "", page));
        assert!(is_site(
            "\"build\": \"npm run -s web\", \"web\": \"astro build\"",
            "",
            ("x", "")
        ));
        assert!(is_site(
            "\"build\": \"react-scripts build\", \"start\": \"react-scripts start\"",
            "",
            ("x", "")
        ));
        let next = (
            "next.config.mjs",
            "export default {\n  output: 'export',\n}",
        );
        assert!(is_site(
            "\"build\": \"next build\"",
            "\"dependencies\": {\"next\": \"15\"},",
            next
        ));
    }

    #[test]
    fn what_serves_is_none() {
        let page = ("index.html", "");
        let build = "\"build\": \"vite build\"";
        assert!(!is_site(
            build,
            "\"dependencies\": {\"fastify\": \"5\"},",
            page
        ));
        assert!(!is_site(build, "\"bin\": {\"x\": \"x.js\"},", page));
        assert!(!is_site(
            &format!("{build}, \"start\": \"node dist/main.js\""),
            "",
            page
        ));
        assert!(!is_site("\"build\": \"next build\"", "", page));
        assert!(!is_site(
            build,
            "\"devDependencies\": {\"@sveltejs/kit\": \"2\"},",
            page
        ));
        // A bundle without a page is for other code.
        assert!(!is_site(build, "", ("src/main.ts", "")));
        assert!(!is_site("\"build\": \"tsc\"", "", page));
    }
}
