//! The Dockerfile: one for all base images, whose families differ in how it starts (`templates/bases`).

use std::collections::BTreeMap;
use std::path::Path;

use askama::Template;

use crate::error::{Error, Result};
use crate::inspect::Origin;
use crate::names::{ArchiveUrl, BuildArgName, BuildArgValue, ImageRef, ProcessType};
use crate::plan::{Base, BaseFamily, Build, FallbackShell, Plan, Process, Root, RootKind};
use crate::shell::quote;

use super::caches::{Push, PushStep, conf, docker_words, mounts};
use super::nix::Nix;
use super::prune::{Pruning, pruning};
use super::{fill, head, long};

/// Which processes a Dockerfile is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// All of them: a stage each when there are several, `web` last.
    All,
    /// One, as the last and only stage; for tools that can't name a stage.
    One(&'a ProcessType),
}

#[derive(Template)]
#[template(path = "Dockerfile.j2", escape = "none")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each turns one block of the template on"
)]
struct Dockerfile<'a> {
    version: &'a str,
    target: String,
    again: String,
    base: &'a Base,
    family: BaseFamily,
    /// What `<nixpkgs>` is, where the base has none.
    nixpkgs: Option<&'a ArchiveUrl>,
    flake: bool,
    entry_files: &'a str,
    lock_flag: &'a str,
    nix_args: String,
    build_args: Vec<String>,
    relative_inputs: bool,
    warm: bool,
    recipe: Vec<String>,
    warm_command: String,
    warm_plan: String,
    build_command: String,
    plan_command: String,
    /// Whether `/app/bin` holds the programs of several packages.
    several: bool,
    only_program: bool,
    programs: Vec<String>,
    /// Names of the packages that the image has beside the app, if any.
    tools: String,
    tools_command: String,
    /// Whether they can be fetched before the sources.
    tools_early: bool,
    /// The folders that lead to their programs, and to all else of theirs; relative to the image's root.
    tools_bin: &'a str,
    tools_usr: &'a str,
    /// Whether one of them has locales.
    locales: bool,
    /// Variables that lead to what they have.
    variables: Vec<String>,
    /// The image that this one stands on.
    image: Option<&'a ImageRef>,
    /// Whether `/bin/sh` is one of them.
    shell: bool,
    /// Whether `heroku ps:exec` is to work.
    exec: bool,
    fallback_comment: &'a str,
    fallback_command: String,
    has_fallback: bool,
    /// Lines of nix.conf beside our own, quoted.
    conf: Vec<String>,
    /// What stands behind the `RUN` of each step that Nix works in.
    mounts: String,
    docker_words: String,
    has_secrets: bool,
    /// In place of an image: what was built is sent to a cache.
    push: Option<PushStep>,
    /// What stays out of it, if anything.
    prune: Option<Pruning>,
    root_stage: bool,
    force_id: Option<String>,
    processes: Vec<Stage>,
}

/// A process as the template needs it.
struct Stage {
    name: String,
    /// The JSON array of `CMD`.
    cmd: String,
}

/// Renders the Dockerfile of a plan.
///
/// Errors: `render/long-line`; `render/template`, `render/no-such-process`, defects both.
pub fn dockerfile(plan: &Plan, target: Target<'_>) -> Result<String> {
    long::checked(plan, file(plan, target, None)?)
}

/// Renders a Dockerfile that builds what a plan builds, by the same steps, and sends it to a cache.
///
/// Errors: as [`dockerfile`].
pub fn push_dockerfile(plan: &Plan, push: &Push) -> Result<String> {
    long::checked(plan, file(plan, Target::All, Some(push))?)
}

fn file(plan: &Plan, target: Target<'_>, push: Option<&Push>) -> Result<String> {
    let processes = stages(plan, target)?;
    let build = &plan.build;
    let flake = build.from == Origin::Flake;
    let lock_flag = lock_flag(build);
    let nix = Nix { build, lock_flag };
    let chosen = chosen(plan, target);
    let root = &build.root;
    let tools: Vec<String> = root.packages.iter().map(ToString::to_string).collect();
    fill(&Dockerfile {
        version: env!("CARGO_PKG_VERSION"),
        target: head::target(build),
        again: head::again(&plan.again),
        base: &plan.base,
        family: plan.base.family,
        nixpkgs: plan.base.nixpkgs.as_ref(),
        flake,
        entry_files: if has_lock(build) {
            "flake.nix flake.lock"
        } else {
            "flake.nix"
        },
        lock_flag,
        nix_args: nix.args(),
        build_args: arg_lines(build),
        relative_inputs: build.relative_inputs,
        warm: build.input_derivation != Some(false),
        recipe: recipe_lines(build),
        warm_command: nix.warm(),
        warm_plan: nix.warm_plan(),
        build_command: nix.build(),
        plan_command: nix.plan(),
        several: !build.also.is_empty(),
        only_program: chosen
            .values()
            .any(|process| process.command.is_only_program()),
        programs: programs(&chosen),
        tools: tools.join(", "),
        tools_command: nix.packages("/tools", &tools),
        tools_early: !tools.is_empty() && !build.relative_inputs,
        tools_bin: tools_at(root).0,
        tools_usr: tools_at(root).1,
        locales: root.variables().any(|(name, _)| name == "LOCALE_ARCHIVE"),
        variables: variables(root),
        image: root.image.as_ref(),
        shell: root.has_shell(),
        exec: root.kind == RootKind::Exec,
        fallback_comment: fallback_comment(plan),
        fallback_command: nix.packages("/shell", &["busybox".to_owned()]),
        has_fallback: plan.build.fallback_shell != FallbackShell::Nowhere,
        conf: conf(&plan.caches),
        mounts: mounts(&plan.caches, false),
        docker_words: docker_words(&plan.caches, push.is_some()),
        has_secrets: plan.caches.mounted().next().is_some(),
        push: push.map(|push| PushStep::new(&plan.caches, push, &nix)),
        prune: pruning(&build.prune, &chosen),
        root_stage: processes.len() > 1,
        force_id: plan.ship.force_id.clone(),
        processes,
    })
}

fn lock_flag(build: &Build) -> &'static str {
    if build.locked {
        "--no-update-lock-file"
    } else {
        "--no-write-lock-file"
    }
}

/// Where programs are looked for and where all else is, below the image's root. What an image stands on has places
/// of its own: only `/nix` is ours.
fn tools_at(root: &Root) -> (&'static str, &'static str) {
    if root.image.is_some() {
        ("nix/bin", "nix")
    } else {
        ("bin", "usr")
    }
}

fn variables(root: &Root) -> Vec<String> {
    let (_, usr) = tools_at(root);
    let all = root.variables();
    all.map(|(name, path)| format!("{name}=/{usr}/{path}"))
        .collect()
}

/// Where the shell is from that the closure lacks.
fn fallback_comment(plan: &Plan) -> &'static str {
    match plan.build.fallback_shell {
        FallbackShell::FlakeNixpkgs => "this one is of the flake's own nixpkgs",
        FallbackShell::BaseNixpkgs if plan.base.nixpkgs.is_some() => {
            "this one is of the nixpkgs that the project pins"
        }
        FallbackShell::BaseNixpkgs => "this one is of the nixpkgs that comes with the base image",
        FallbackShell::Nowhere => "there is no nixpkgs to take one from",
    }
}

fn has_lock(build: &Build) -> bool {
    build
        .recipe
        .iter()
        .any(|path| path == Path::new("flake.lock"))
}

fn chosen<'a>(plan: &'a Plan, target: Target<'_>) -> BTreeMap<&'a ProcessType, &'a Process> {
    let wanted = |name: &ProcessType| match target {
        Target::All => true,
        Target::One(one) => name == one,
    };
    plan.processes
        .iter()
        .filter(|(name, _)| wanted(name))
        .collect()
}

/// The stages in the order of the file: `web` last, because the last one is what a plain
/// `docker build` makes.
fn stages(plan: &Plan, target: Target<'_>) -> Result<Vec<Stage>> {
    let mut chosen: Vec<_> = chosen(plan, target).into_iter().collect();
    chosen.sort_by_key(|(name, _)| (name.is_web(), name.as_str()));
    let stages = chosen.into_iter().map(|(name, process)| {
        let words = process.command.cmd_words();
        let cmd = serde_json::to_string(&words)
            .map_err(|error| Error::bug("render/template", format!("CMD of {name}: {error}")))?;
        Ok(Stage {
            name: stage_name(plan, name),
            cmd: spaced(&cmd),
        })
    });
    let stages: Vec<Stage> = stages.collect::<Result<_>>()?;
    if stages.is_empty() {
        return Err(Error::bug(
            "render/no-such-process",
            "a Dockerfile for no process",
        ));
    }
    Ok(stages)
}

/// The name of a process type's stage: its own, where Docker takes that for a stage and no other
/// stage has it.
pub fn stage_name(plan: &Plan, process: &ProcessType) -> String {
    let name = process.as_str();
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    if starts_well && !["build", "root", "scratch"].contains(&name) {
        return name.to_owned();
    }
    let taken = |stage: &str| plan.processes.keys().any(|other| other.as_str() == stage);
    let mut stage = format!("process-{name}");
    while taken(&stage) {
        stage.insert_str(0, "process-");
    }
    stage
}

/// `["a","b"]` as people write it: `["a", "b"]`. Only commas between strings are touched.
fn spaced(json: &str) -> String {
    json.replace("\",\"", "\", \"")
}

/// Programs that the commands name by their full path below `/app/bin`, quoted; the build checks
/// that they're there.
fn programs(processes: &BTreeMap<&ProcessType, &Process>) -> Vec<String> {
    let mut programs: Vec<String> = processes
        .values()
        .filter_map(|process| process.command.cmd_words().first().cloned())
        .filter_map(|word| word.strip_prefix("/app/bin/").map(str::to_owned))
        .filter(|name| !name.is_empty() && !name.contains('/'))
        .map(|name| quote(&name))
        .collect();
    programs.sort();
    programs.dedup();
    programs
}

/// `COPY` arguments that bring in the recipe, a line a folder; `flake.nix` and its lock have come before.
fn recipe_lines(build: &Build) -> Vec<String> {
    let early = |path: &Path| {
        build.from == Origin::Flake
            && (path == Path::new("flake.nix") || path == Path::new("flake.lock"))
    };
    let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in build.recipe.iter().filter(|path| !early(path)) {
        let folder = path
            .parent()
            .map(|folder| folder.display().to_string())
            .unwrap_or_default();
        folders
            .entry(folder)
            .or_default()
            .push(path.display().to_string());
    }
    folders
        .into_iter()
        .map(|(folder, files)| format!("{} ./{}", files.join(" "), slashed(&folder)))
        .collect()
}

/// What stands after `ARG`. Between these quotes Docker reads a backslash, and would look up what follows a `$`.
fn arg_lines(build: &Build) -> Vec<String> {
    let line = |(name, value): (&BuildArgName, &BuildArgValue)| {
        let mut text = format!("{name}=\"");
        for c in value.as_str().chars() {
            if matches!(c, '"' | '\\' | '$') {
                text.push('\\');
            }
            text.push(c);
        }
        text + "\""
    };
    build.args.iter().map(line).collect()
}

fn slashed(folder: &str) -> String {
    if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::inspect::Source;
    use crate::names::NixFile;
    use crate::plan::Caches;
    use crate::plan::{Command, NixArg, Route, Ship};

    pub(crate) fn plan(from: Origin, attribute: &str, processes: &[(&str, &str)]) -> Plan {
        let process = |line: &str| Process {
            command: Command::parse(line),
            source: Source::Default,
        };
        Plan {
            format: 1,
            name: "app".to_owned(),
            build: Build {
                from,
                file: NixFile::default(),
                attribute: attribute.parse().unwrap(),
                also: Vec::new(),
                store_paths: Vec::new(),
                call_package: false,
                nix_args: Vec::new(),
                args: BTreeMap::new(),
                locked: true,
                relative_inputs: false,
                root: Root::default(),
                prune: Vec::new(),
                fallback_shell: FallbackShell::BaseNixpkgs,
                recipe: Vec::new(),
                input_derivation: None,
            },
            base: Base::of("nixos/nix:2.31.2".parse().unwrap()),
            caches: Caches::default(),
            dockerfile: None,
            processes: processes
                .iter()
                .map(|(name, line)| (name.parse().unwrap(), process(line)))
                .collect(),
            layers: crate::plan::Layers::default(),
            ship: Ship {
                route: Route::Docker,
                app: None,
                create: false,
                region: None,
                set_stack: false,
                force_id: None,
            },
            choices: Vec::new(),
            needs: Vec::new(),
            warnings: Vec::new(),
            again: Vec::new(),
        }
    }

    #[test]
    fn a_flake_without_inputs() {
        let plan = plan(
            Origin::Flake,
            "packages.x86_64-linux.default",
            &[("web", "/app/bin/hello")],
        );
        insta::assert_snapshot!(dockerfile(&plan, Target::All).unwrap());
    }

    #[test]
    fn each_family_of_bases_has_its_own_start() {
        for (image, name) in [
            ("nixos/nix:2.31.2", "nixos_nix"),
            ("nixery.dev/shell/nix/git/findutils", "nixery"),
            ("nixdyno/nixpkgs:8fd9daa3db09", "nixpkgs"),
            ("ghcr.io/me/builder:1", "own"),
        ] {
            for (from, kind) in [(Origin::Flake, "flake"), (Origin::Classic, "classic")] {
                let mut plan = plan(from, "app", &[("web", "/app/bin/hello")]);
                plan.base = Base::of(image.parse().unwrap());
                if from == Origin::Flake {
                    plan.build.recipe = vec!["flake.nix".into(), "flake.lock".into()];
                    plan.build.fallback_shell = FallbackShell::FlakeNixpkgs;
                } else if plan.base.family == BaseFamily::Nixery {
                    let url = "https://github.com/NixOS/nixpkgs/archive/8fd9.tar.gz";
                    plan.base.nixpkgs = Some(url.parse().unwrap());
                }
                let text = dockerfile(&plan, Target::All).unwrap();
                insta::assert_snapshot!(format!("base_{name}_{kind}"), text);
            }
        }
        let mut plan = plan(Origin::Classic, "app", &[("web", "/app/bin/hello")]);
        plan.base = Base::of("nixery.dev/shell/nix".parse().unwrap());
        let url = "http://10.0.0.1:8080/nixpkgs.tar.gz";
        plan.base.nixpkgs = Some(url.parse().unwrap());
        let text = dockerfile(&plan, Target::All).unwrap();
        assert!(!text.contains("NIX_PATH="), "{text}");
        assert!(
            text.contains(&format!("'nix-path = nixpkgs={url}'")),
            "{text}"
        );
    }

    #[test]
    fn without_any_nixpkgs_the_build_says_that_there_is_no_shell() {
        let mut plan = plan(Origin::Flake, "app", &[("web", "hello")]);
        plan.build.fallback_shell = FallbackShell::Nowhere;
        let text = dockerfile(&plan, Target::All).unwrap();
        assert!(text.contains("nixdyno[docker/no-shell]"), "{text}");
    }

    #[test]
    fn a_locked_flake_with_a_recipe_and_words_for_nix() {
        let mut plan = plan(
            Origin::Flake,
            "packages.x86_64-linux.\"my.app\"",
            &[("web", "server --port $PORT")],
        );
        plan.build.recipe = [
            "flake.nix",
            "flake.lock",
            "Cargo.lock",
            "Cargo.toml",
            "nix/a.nix",
            "nix/b.nix",
        ]
        .map(Into::into)
        .to_vec();
        plan.build.fallback_shell = FallbackShell::FlakeNixpkgs;
        plan.build.relative_inputs = true;
        plan.build.nix_args = ["--override-input", "nixpkgs", "path:/a b"]
            .map(|word| NixArg::try_from(word.to_owned()).unwrap())
            .to_vec();
        plan.ship.force_id = Some("1700000000".to_owned());
        insta::assert_snapshot!(dockerfile(&plan, Target::All).unwrap());
    }

    #[test]
    fn a_classic_project_with_several_processes() {
        let processes = [
            ("web", "web"),
            ("my-worker", "worker --queue 'a b'"),
            ("release", "release"),
        ];
        let mut plan = plan(Origin::Classic, "server", &processes);
        plan.build.recipe = vec!["default.nix".into()];
        plan.build.input_derivation = Some(false);
        insta::assert_snapshot!("several", dockerfile(&plan, Target::All).unwrap());
        let worker = "my-worker".parse().unwrap();
        insta::assert_snapshot!(
            "one_of_several",
            dockerfile(&plan, Target::One(&worker)).unwrap()
        );
    }

    #[test]
    fn the_programs_of_several_packages_are_in_one_image() {
        let processes = [("web", "/app/bin/server"), ("worker", "worker")];
        let mut flake = plan(Origin::Flake, "packages.x86_64-linux.server", &processes);
        flake.build.also = vec!["packages.x86_64-linux.worker".parse().unwrap()];
        insta::assert_snapshot!("packages_flake", dockerfile(&flake, Target::All).unwrap());
        let mut classic = plan(Origin::Classic, "server", &processes);
        classic.build.also = ["clock", "worker"].map(|it| it.parse().unwrap()).to_vec();
        insta::assert_snapshot!(
            "packages_classic",
            dockerfile(&classic, Target::All).unwrap()
        );
    }

    #[test]
    fn the_whole_file_and_an_attribute_of_it_are_both_built() {
        let mut plan = plan(Origin::Classic, "", &[("web", "web"), ("worker", "worker")]);
        plan.build.also = vec!["worker".parse().unwrap()];
        let text = dockerfile(&plan, Target::All).unwrap();
        let line = "RUN nix-build --out-link /result --attr '' --attr worker\n";
        assert!(text.contains(line), "{text}");
        assert!(
            text.contains("--no-out-link --attr inputDerivation"),
            "{text}"
        );
    }

    #[test]
    fn an_image_has_what_was_asked_for_beside_the_app() {
        let rooted = |from, kind, names: &[&str]| {
            let mut plan = plan(from, "server", &[("web", "web")]);
            plan.build.root = Root {
                kind,
                image: None,
                packages: names.iter().map(|it| it.parse().unwrap()).collect(),
            };
            plan
        };
        let shell = rooted(
            Origin::Classic,
            RootKind::Shell,
            &["bashInteractive", "coreutils"],
        );
        insta::assert_snapshot!("root_shell", dockerfile(&shell, Target::All).unwrap());
        let names = ["bashInteractive", "coreutils", "python3Packages.\"a b\""];
        let mut exec = rooted(Origin::Flake, RootKind::Exec, &names);
        exec.build.fallback_shell = FallbackShell::FlakeNixpkgs;
        insta::assert_snapshot!("root_exec", dockerfile(&exec, Target::All).unwrap());
        exec.build.relative_inputs = true;
        let text = dockerfile(&exec, Target::All).unwrap();
        let tools = text.find("--out-link /tools").unwrap();
        assert!(tools > text.find("COPY . .").unwrap(), "{text}");
        let with = rooted(Origin::Classic, RootKind::Scratch, &["tzdata"]);
        insta::assert_snapshot!("root_with", dockerfile(&with, Target::All).unwrap());
    }

    #[test]
    fn an_image_stands_on_another() {
        let mut plan = plan(Origin::Classic, "server", &[("web", "web")]);
        plan.build.root = Root {
            kind: RootKind::Image,
            image: Some("heroku/heroku:24".parse().unwrap()),
            packages: Vec::new(),
        };
        insta::assert_snapshot!("root_image", dockerfile(&plan, Target::All).unwrap());
        plan.build.root.packages = ["curl", "glibcLocales"]
            .map(|it| it.parse().unwrap())
            .to_vec();
        insta::assert_snapshot!("root_image_with", dockerfile(&plan, Target::All).unwrap());
    }

    #[test]
    fn another_file_than_default_nix_is_named() {
        let mut plan = plan(Origin::Classic, "server", &[("web", "web")]);
        plan.build.file = "nix/release.nix".parse().unwrap();
        insta::assert_snapshot!("other_file", dockerfile(&plan, Target::All).unwrap());
        plan.build.call_package = true;
        let text = dockerfile(&plan, Target::All).unwrap();
        let call = "--expr '(import <nixpkgs> { }).callPackage ./nix/release.nix { }' --out-link";
        assert!(text.contains(call), "{text}");
    }

    #[test]
    fn a_function_of_packages_is_called() {
        let mut plan = plan(Origin::Classic, "", &[("web", "web")]);
        plan.build.call_package = true;
        insta::assert_snapshot!(dockerfile(&plan, Target::All).unwrap());
    }

    #[test]
    fn the_only_program_is_found_by_the_build() {
        let mut plan = plan(Origin::Classic, "", &[("web", "x")]);
        plan.processes
            .values_mut()
            .for_each(|process| process.command = Command::OnlyProgram);
        insta::assert_snapshot!(dockerfile(&plan, Target::All).unwrap());
    }
}
