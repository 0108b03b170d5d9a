//! What stands beside the app: packages that were asked for, a shell to start it, and certificates.
//!
//! Takes what was built; gives a [`Realised`]. The app's own shell and certificates come first, then those of nixpkgs, by the
//! rules of `templates/partials/stage-root.j2`. Looks into store paths, and changes none.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use crate::closure::{Closure, StorePath};
use crate::error::{Error, Result};
use crate::inspect::{Origin, Warning};
use crate::names::AttrPath;
use crate::plan::{FallbackShell, Plan};
use crate::shell::{Cmd, Tool};

use super::build::{Builder, Realised, args, outputs, shown};
use super::closure::closure;
use super::evaluate::SYSTEM;
use super::failure::{Asked, Failure};
use super::progress::Progress;
use super::words::classic_args;

/// Fetching the inputs of a flake.
const DEADLINE: Duration = Duration::from_secs(20 * 60);

/// Where a path has its certificates.
const BUNDLE: &str = "etc/ssl/certs/ca-bundle.crt";

/// The nixpkgs of this machine, or of the user's words.
const NAMED: &str = "<nixpkgs>";

/// The warning that there are none.
const NO_CERTIFICATES: &str = "nix/no-certificates";

/// What to do about it, where more can be built.
const TAKE_CACERT: &str =
    "make the app refer to `cacert` of nixpkgs, or take it along: `--with cacert`";

/// Outputs that nobody reads in an image.
const UNREAD: &[&str] = &["man", "doc", "info", "dev", "debug"];

/// What starts a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    /// What `/bin/sh` leads to.
    pub sh: String,
    /// What `/usr/bin/env` leads to.
    pub env: String,
}

/// Builds what stands beside `app`.
pub(super) fn beside(builder: &mut Builder<'_, '_>, app: Vec<Vec<StorePath>>) -> Result<Realised> {
    let root = &builder.plan.build.root;
    let mut wanted = Wanted {
        tools: root.packages.clone(),
        ..Wanted::default()
    };
    let (mut sh, mut env, mut certificates) = (None, None, None);
    if root.image.is_none() {
        let paths: Vec<StorePath> = app.iter().flatten().cloned().collect();
        let closure = closure(builder.runner, &paths)?;
        let all = sorted(&closure);
        if !root.has_shell() {
            sh = first(&["sh", "bash", "dash"], &all, &is_program);
            env = first(&["env"], &all, &is_program);
            wanted.busybox = sh.is_none() || env.is_none();
        }
        certificates = all.iter().find_map(own_certificates);
        wanted.certificates = certificates.is_none();
    }
    let mut warnings = Vec::new();
    let got = wanted.get(builder, &mut warnings)?;
    if root.has_shell() {
        sh = first(&["bash"], &got.tools, &is_program);
        env = first(&["env"], &got.tools, &is_program);
    }
    let busybox = |name: &str| Some(format!("{}/bin/{name}", got.busybox.as_ref()?));
    let shell = match (sh.or_else(|| busybox("sh")), env.or_else(|| busybox("env"))) {
        (Some(sh), Some(env)) => Some(Shell { sh, env }),
        _ if root.image.is_some() => None,
        _ => return Err(no_shell(builder.plan)),
    };
    let bundle = || bundle(got.certificates.as_ref()?);
    certificates = certificates.or_else(bundle);
    let said = warnings.iter().any(|it: &Warning| it.id == NO_CERTIFICATES);
    if certificates.is_none() && root.image.is_none() && !said {
        warnings.push(no_certificates(TAKE_CACERT, Vec::new()));
    }
    Ok(Realised {
        app,
        tools: got.tools,
        shell,
        certificates,
        warnings,
    })
}

/// What is to be had of nixpkgs.
#[derive(Debug, Clone, Default)]
struct Wanted {
    tools: Vec<AttrPath>,
    busybox: bool,
    certificates: bool,
}

/// What was had of it.
#[derive(Debug, Clone, Default)]
struct Got {
    tools: Vec<StorePath>,
    busybox: Option<StorePath>,
    certificates: Option<StorePath>,
}

impl Wanted {
    fn attributes(&self) -> Vec<AttrPath> {
        let mut all = self.tools.clone();
        all.extend(self.busybox.then(|| AttrPath::new(["busybox"])));
        all.extend(self.certificates.then(|| AttrPath::new(["cacert"])));
        all
    }

    /// Builds it, in one go. An image can do without certificates, and not without the rest.
    fn get(&self, builder: &mut Builder<'_, '_>, warnings: &mut Vec<Warning>) -> Result<Got> {
        let attributes = self.attributes();
        if attributes.is_empty() {
            return Ok(Got::default());
        }
        let built = nixpkgs(builder).and_then(|nixpkgs| {
            let paths = nixpkgs.build(builder, &attributes)?;
            Ok((paths, nixpkgs.is_of_machine()))
        });
        let error = match built {
            Ok((paths, of_machine)) => {
                warnings.extend(of_machine.then(|| unpinned(builder.plan, &attributes)));
                return Ok(self.parted(paths));
            }
            Err(error) => error,
        };
        if error.kind() == crate::error::Kind::Interrupted || !self.certificates {
            return Err(error);
        }
        let without = Wanted {
            certificates: false,
            ..self.clone()
        };
        let got = without.get(builder, warnings)?;
        warnings.push(no_certificates(TAKE_CACERT, vec![error.what().to_owned()]));
        Ok(got)
    }

    fn parted(&self, paths: Vec<StorePath>) -> Got {
        let mut paths = paths.into_iter();
        let tools = paths.by_ref().take(self.tools.len());
        let read = |it: &StorePath| it.output().is_none_or(|name| !UNREAD.contains(&name));
        Got {
            tools: tools.filter(read).collect(),
            busybox: self.busybox.then(|| paths.next()).flatten(),
            certificates: self.certificates.then(|| paths.next()).flatten(),
        }
    }
}

/// Where packages come from.
enum Nixpkgs {
    /// A folder or `<nixpkgs>`, as an expression, with words for Nix.
    Expression(String, Vec<String>),
    /// What this machine's registry of flakes calls so.
    Registry,
}

/// The nixpkgs of the project, or one of this machine.
fn nixpkgs(builder: &mut Builder<'_, '_>) -> Result<Nixpkgs> {
    let build = &builder.plan.build;
    if build.fallback_shell == FallbackShell::Nowhere {
        return Err(no_shell(builder.plan));
    }
    if build.fallback_shell == FallbackShell::FlakeNixpkgs
        && let Some(path) = input(builder)?
    {
        return Ok(Nixpkgs::Expression(path.to_string(), Vec::new()));
    }
    let named = NAMED.to_owned();
    if has_nixpkgs(builder)? {
        return Ok(Nixpkgs::Expression(named, user_words(builder)));
    }
    Ok(match &builder.plan.base.nixpkgs {
        Some(url) => {
            let words = vec!["-I".to_owned(), format!("nixpkgs={url}")];
            Nixpkgs::Expression(named, words)
        }
        None => Nixpkgs::Registry,
    })
}

/// Whether `<nixpkgs>` is something here, or by the user's words.
pub(super) fn has_nixpkgs(builder: &Builder<'_, '_>) -> Result<bool> {
    let cmd = Cmd::reads(Tool::NixInstantiate)
        .args(["--find-file", "nixpkgs"])
        .args(user_words(builder))
        .dir(builder.dir);
    Ok(builder.runner.capture(&cmd)?.success())
}

/// The user's words, where they are for the classic commands.
fn user_words(builder: &Builder<'_, '_>) -> Vec<String> {
    match builder.plan.build.from {
        Origin::Classic => classic_args(&args(&builder.plan.build)),
        Origin::Flake => Vec::new(),
    }
}

/// Where the flake's own input `nixpkgs` is; `None` for one that follows another, which has no path of its own.
fn input(builder: &Builder<'_, '_>) -> Result<Option<StorePath>> {
    let cmd = builder
        .new_command("flake")
        .args(["archive", "--json"])
        .args(builder.flake_words())
        .arg("path:.")
        .deadline(DEADLINE);
    let answer = builder.runner.capture(&cmd)?;
    if !answer.success() {
        let said: Vec<String> = answer.stderr.lines().map(super::log::plain).collect();
        let asked = Asked::Nixpkgs("of the flake".to_owned());
        return Err(Failure::new(&asked, &Progress::default(), &said).explain());
    }
    let json: Option<serde_json::Value> = serde_json::from_str(answer.stdout.trim()).ok();
    let path = json
        .as_ref()
        .and_then(|it| it.pointer("/inputs/nixpkgs/path"));
    Ok(path.and_then(|it| StorePath::parse(it.as_str()?)))
}

impl Nixpkgs {
    /// Whether it is what this machine calls nixpkgs, and another one something else.
    fn is_of_machine(&self) -> bool {
        match self {
            Nixpkgs::Expression(path, words) => {
                let named = words.iter().any(|it| it.contains("nixpkgs="));
                path == NAMED && !named
            }
            Nixpkgs::Registry => true,
        }
    }

    /// A path for each attribute, in order.
    fn build(
        &self,
        builder: &mut Builder<'_, '_>,
        attributes: &[AttrPath],
    ) -> Result<Vec<StorePath>> {
        let all: Vec<&AttrPath> = attributes.iter().collect();
        let asked = Asked::Nixpkgs(shown(&all));
        match self {
            Nixpkgs::Expression(path, words) => {
                let import = format!("import {path} {{ }}");
                let expression = ["--expr".to_owned(), import];
                let derivations = builder.instantiate(words, &expression, &all, &asked)?;
                builder.store_realise(&derivations, &asked)
            }
            Nixpkgs::Registry => {
                let each = attributes.iter().map(|it| {
                    let name = format!("nixpkgs#legacyPackages.{SYSTEM}.{it}");
                    let cmd = builder
                        .new_command("build")
                        .arg("--json")
                        .args(builder.link_words())
                        .args(["--log-format", "internal-json"])
                        .arg(name);
                    let lines = builder.run(&cmd, &asked)?;
                    let first = outputs(&lines)?.into_iter().next();
                    first.ok_or_else(|| no_shell(builder.plan))
                });
                each.collect()
            }
        }
    }
}

/// What of a closure starts a process.
pub fn shell_of(closure: &Closure) -> Option<Shell> {
    let all = sorted(closure);
    let sh = first(&["sh", "bash", "dash"], &all, &is_program)?;
    let env = first(&["env"], &all, &is_program)?;
    Some(Shell { sh, env })
}

/// The file of certificates that a closure has.
pub fn certificates_of(closure: &Closure) -> Option<String> {
    sorted(closure).iter().find_map(own_certificates)
}

/// All paths, in the order of their hashes.
fn sorted(closure: &Closure) -> Vec<StorePath> {
    let mut paths: Vec<_> = closure.ids().map(|id| closure.path(id).clone()).collect();
    paths.sort();
    paths
}

/// The first of the named programs that one of some store paths has.
fn first(names: &[&str], paths: &[StorePath], is_program: &dyn Fn(&str) -> bool) -> Option<String> {
    let all = names
        .iter()
        .flat_map(|name| paths.iter().map(move |it| format!("{it}/bin/{name}")));
    all.into_iter().find(|it| is_program(it))
}

fn is_program(path: &str) -> bool {
    let metadata = fs_err::metadata(path);
    metadata.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

fn own_certificates(path: &StorePath) -> Option<String> {
    path.name()
        .starts_with("nss-cacert")
        .then(|| bundle(path))?
}

/// The file of certificates in a path that has one.
fn bundle(path: &StorePath) -> Option<String> {
    let file = format!("{path}/{BUNDLE}");
    fs_err::metadata(&file)
        .is_ok_and(|it| it.is_file())
        .then_some(file)
}

fn no_shell(plan: &Plan) -> Error {
    let asked = if plan.build.root.packages.is_empty() {
        "the app has no /bin/sh"
    } else {
        "packages are asked for beside the app"
    };
    Error::user(
        "nix/no-shell",
        format!("{asked}, and there is no nixpkgs to take what is missing from"),
        "pin nixpkgs: as the input of that name in flake.nix, or by `npins init`",
    )
    .because("Heroku starts every process through /bin/sh")
    .or("build in Docker, on an image that has one: `--route docker --base nixos/nix`")
}

/// Tells that an image has no certificates, and what to do about it.
pub fn no_certificates(todo: &str, detail: Vec<String>) -> Warning {
    let what = "the image has no certificates: programs that look for them in /etc/ssl can't trust a server";
    Warning::new(NO_CERTIFICATES, what, todo).detail(detail)
}

/// Tells that another machine would make another image.
fn unpinned(plan: &Plan, attributes: &[AttrPath]) -> Warning {
    let all: Vec<&AttrPath> = attributes.iter().collect();
    let all = shown(&all).replace(" or ", ", ");
    let what = format!(
        "the image takes {all} from the nixpkgs of this machine, as the project pins none: another machine makes another image"
    );
    let todo = match plan.build.from {
        Origin::Flake => {
            "give flake.nix an input `nixpkgs` of its own, and lock it: `nix flake lock`"
        }
        Origin::Classic => {
            "name a revision: `--nix-arg -I --nix-arg nixpkgs=https://github.com/NixOS/nixpkgs/archive/REVISION.tar.gz`"
        }
    };
    Warning::new("nix/unpinned-shell", what, todo)
}
