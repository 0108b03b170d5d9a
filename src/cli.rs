//! The command line: what was typed, and nothing else. `settings` makes sense of it.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::plan::{Compression, Route};
use crate::render::Platform;
use crate::ui::ColorChoice;

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    you can mend it: the project, the configuration, a missing tool, a refusal by Heroku
  2    wrong arguments
  3    a defect of nixdyno
  75   try again later: the network or a service
  130  interrupted

Environment: NIXDYNO_ENV, NIXDYNO_APP, NIXDYNO_ROUTE, NIXDYNO_ATTR, NIXDYNO_FILE, NIXDYNO_BASE, NIXDYNO_PROGRAM, NIXDYNO_ROOT,
NIXDYNO_DOCKERFILE, NIXDYNO_NIX_ARGS or NIX_BUILD_FLAGS, NIXDYNO_SUBSTITUTERS and NIXDYNO_TRUSTED_PUBLIC_KEYS (separated by spaces),
HEROKU_API_KEY, HEROKU_HOST, NIXDYNO_API_URL, NIXDYNO_REGISTRY, NIXDYNO_TWO_FACTOR_CODE (of an app that asks for one),
NIXDYNO_REGISTRY_USER and NIXDYNO_REGISTRY_PASSWORD (of a registry that isn't Heroku's), XDG_CACHE_HOME, NO_COLOR, CLICOLOR_FORCE.
Documentation: https://github.com/nixdyno/nixdyno";

const BASE_HELP: &str = "\
Examples:
  nixdyno base list                     which images there are, and how they are pinned
  nixdyno base build                    make nixdyno/nixpkgs:REVISION for the project in this folder
  nixdyno deploy --base nixpkgs         build on it: nixpkgs is not downloaded again
  nixdyno base pin ghcr.io/me/nix:1     write it with its digest into nixdyno.toml
  nixdyno base update                   write the digest that it has today
  nixdyno deploy --base nixery          build on the packages that nixery.dev has today

`--base` takes nixos/nix, nixery, nixpkgs, or any image: host/name:tag@sha256:…";

const INIT_HELP: &str = "\
Examples:
  nixdyno init                          look at the project in this folder, and ask
  nixdyno init --yes                    ask nothing: take what was found; write over no file
  nixdyno init --dry-run --yes          show the files, and write none
  nixdyno init -a my-app --region eu    what a flag says is not asked
  nixdyno init --heroku-yml --addon heroku-postgresql

Escape goes to the question before, Ctrl-C ends without a change. Run it again to change an answer.";

/// Put any Nix app on Heroku with one command.
#[derive(Debug, Parser)]
#[command(name = "nixdyno", version, after_help = EXIT_CODES, max_term_width = 100)]
#[command(
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
    /// Flags that every verb takes.
    #[command(flatten)]
    pub common: Common,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Set a project up for its first deploy: look at it, ask what can't be known, write the files
    #[command(after_help = INIT_HELP)]
    Init(InitArgs),
    /// Say what can be deployed from a project, what else was seen, and why
    Inspect(InspectArgs),
    /// Say everything a deploy would do, and where each value comes from
    Plan(ProjectArgs),
    /// Say each value of nixdyno.toml that is in force, and where it comes from
    Config(ConfigArgs),
    /// Write the Dockerfile and its .dockerignore, heroku.yml, or the file for CI
    Generate(GenerateArgs),
    /// Build the image of each process type; print `TYPE IMAGE-ID` lines
    Build(BuildArgs),
    /// List what is in the image: each store path, its size, and what goes with it
    Contents(ContentsArgs),
    /// Say why a store path is in the image: the way to it from the app
    #[command(after_help = "\
Examples:
  nixdyno why glibc                     every version and output that the image has
  nixdyno why openssl-3.0.14-dev        one of them
  nixdyno why 4kq2x                     by its hash, as `nixdyno contents` shows it")]
    Why(WhyArgs),
    /// Build, ship, release, and wait until the app is up
    #[command(after_help = "\
Examples:
  nixdyno deploy -a my-app              the project in this folder
  nixdyno deploy -a my-app --create     make the app first, if it isn't there
  nixdyno deploy -a my-app --dry-run    only show the commands")]
    Deploy(DeployArgs),
    /// Show an app's release, formation and dynos
    Status(StatusArgs),
    /// Go back to the release before, and wait until it is live
    Rollback(RollbackArgs),
    /// Check everything a deploy needs, and say how to mend what is missing
    Doctor(ProjectArgs),
    /// List the images to build on, or make one with the project's nixpkgs
    #[command(after_help = BASE_HELP)]
    Base(BaseArgs),
    /// Send what was built to a binary cache, so that other builds are short
    Cache(CacheArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page, or write one for each subcommand
    Man(ManArgs),
}

/// Flags of every verb.
#[derive(Debug, Clone, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command line"
)]
pub struct Common {
    /// The Heroku app
    #[arg(short, long, global = true, value_name = "NAME")]
    pub app: Option<String>,
    /// The way to a running release
    #[arg(long, global = true, value_name = "ROUTE", value_parser = PossibleValuesParser::new(Route::ALL.map(Route::name)))]
    pub route: Option<String>,
    /// The attribute to deploy, such as `server` or `packages.x86_64-linux.server`
    #[arg(long, global = true, value_name = "PATH")]
    pub attr: Option<String>,
    /// The Nix file to build from, in place of flake.nix and default.nix
    #[arg(long, global = true, value_name = "FILE")]
    pub file: Option<String>,
    /// The configuration file [default: nixdyno.toml in the project, if there]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The environment of nixdyno.toml that counts, such as `staging` for its table `[env.staging]`
    #[arg(long = "env", global = true, value_name = "NAME")]
    pub named_env: Option<String>,
    /// The image the Dockerfile starts from: nixos/nix, nixery, nixpkgs, or any [default: a pinned nixos/nix]
    #[arg(long, global = true, value_name = "IMAGE")]
    pub base: Option<String>,
    /// A Dockerfile of the project to build, in place of the one nixdyno writes
    #[arg(long, global = true, value_name = "FILE")]
    pub dockerfile: Option<String>,
    /// What the image has beside the app: nothing (scratch), bash and coreutils for `heroku run bash` (shell), what
    /// `heroku ps:exec` needs (exec), or all of an image, such as heroku/heroku:24 [default: scratch]
    #[arg(long, global = true, value_name = "KIND|IMAGE")]
    pub root: Option<String>,
    /// A package of nixpkgs that the image has in /bin, such as `curl`; may be given again
    #[arg(long, global = true, value_name = "NAME")]
    pub with: Vec<String>,
    /// What stays out of the image: a rule of rsync's kind, such as `share/doc/` or `+ *-tzdata-*/`, or a set, @man,
    /// @doc, @headers, @static, @debug, @locale, @tests; may be given again, and the first that fits decides
    #[arg(long, global = true, value_name = "RULE", allow_hyphen_values = true)]
    pub prune: Vec<String>,
    /// The program in bin/ that `web` runs
    #[arg(long, global = true, value_name = "NAME")]
    pub program: Option<String>,
    /// A word for every call of Nix; may be given again
    #[arg(
        long = "nix-arg",
        global = true,
        value_name = "WORD",
        allow_hyphen_values = true
    )]
    pub nix_args: Vec<String>,
    /// What builds take in the place of an input of the flake; may be given again
    #[arg(long, global = true, num_args = 2, value_names = ["NAME", "URL"])]
    pub override_input: Vec<String>,
    /// Let the flake read variables, `<nixpkgs>` and the time
    #[arg(long, global = true)]
    pub impure: bool,
    /// A setting of Nix; may be given again
    #[arg(long, global = true, num_args = 2, value_names = ["NAME", "VALUE"], allow_hyphen_values = true)]
    pub option: Vec<String>,
    /// An argument of the function in default.nix, as an expression; may be given again
    #[arg(long, global = true, num_args = 2, value_names = ["NAME", "EXPR"], allow_hyphen_values = true)]
    pub arg: Vec<String>,
    /// The same as a text
    #[arg(long, global = true, num_args = 2, value_names = ["NAME", "TEXT"], allow_hyphen_values = true)]
    pub argstr: Vec<String>,
    /// A variable that Nix finds while it evaluates and builds in Docker, `NAME=VALUE`; may be given again
    #[arg(long = "build-arg", global = true, value_name = "NAME=VALUE")]
    pub build_args: Vec<String>,
    /// What is read from binary caches, and by which secrets
    #[command(flatten)]
    pub caches: CacheFlags,
    /// Which Nix evaluates the project: this machine's if there is one, none, or the base image's
    #[arg(long, global = true, value_name = "WHICH", default_value = "auto", value_parser = ["auto", "never", "docker"])]
    pub evaluate: String,
    /// The same as `--evaluate never`: the project's files are only read
    #[arg(long, global = true, conflicts_with = "evaluate")]
    pub no_eval: bool,
    /// Let evaluation build what it imports (import from derivation): it runs the project's builders
    #[arg(long, global = true)]
    pub import_from_derivation: bool,
    /// Print only the answer, and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print every command before it runs
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Print one JSON document on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// Show what would be run, and change nothing
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Never ask; fail where an answer is needed
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Answer yes to every question
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// The Platform API, in place of api.heroku.com
    #[arg(long, global = true, value_name = "URL")]
    pub api_url: Option<String>,
    /// The registry, in place of registry.heroku.com
    #[arg(long, global = true, value_name = "HOST")]
    pub registry: Option<String>,
}

/// Flags of every verb, for caches and secrets.
#[derive(Debug, Clone, Args)]
pub struct CacheFlags {
    /// A binary cache to read from: `https://…`, `s3://BUCKET?region=…` or `cachix:NAME`; may be given again
    #[arg(long = "substituter", global = true, value_name = "URL")]
    pub substituters: Vec<String>,
    /// The public key of a cache, as it shows it; may be given again
    #[arg(long = "trusted-public-key", global = true, value_name = "KEY")]
    pub public_keys: Vec<String>,
    /// Accept the settings that the flake's `nixConfig` brings
    #[arg(long, global = true)]
    pub accept_flake_config: bool,
    /// A secret for the build, in no layer of it: netrc, aws, nix-config, known-hosts or signing-key, from a FILE, from
    /// `env:NAME`, or `aws=env`; may be given again
    #[arg(long = "secret", global = true, value_name = "KIND=FILE")]
    pub secrets: Vec<String>,
    /// Let the build ask your ssh agent, for inputs from git
    #[arg(long, global = true)]
    pub ssh: bool,
    /// Keep Nix's own cache of downloads between builds, beside Docker's layers
    #[arg(long, global = true)]
    pub cache_mounts: bool,
}

/// `cache`.
#[derive(Debug, Args)]
pub struct CacheArgs {
    /// What about them.
    #[command(subcommand)]
    pub verb: CacheVerb,
}

/// The subcommands of `cache`.
#[derive(Debug, Subcommand)]
pub enum CacheVerb {
    /// Build, and send what was built to a binary cache
    #[command(after_help = "\
Examples:
  nixdyno cache push --to 's3://my-bucket?region=eu-west-1' --secret aws=~/.aws/credentials --secret signing-key=cache.key
  nixdyno cache push --to https://cache.example.org --secret netrc=~/.netrc --build-closure")]
    Push(CachePushArgs),
}

/// `cache push`.
#[derive(Debug, Args)]
pub struct CachePushArgs {
    /// The project
    #[command(flatten)]
    pub project: ProjectArgs,
    /// The cache: `s3://BUCKET?region=…`, or `https://…` of a server that takes uploads
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Send what the build needed, too: compilers and other tools
    #[arg(long)]
    pub build_closure: bool,
}

/// A project.
#[derive(Debug, Args)]
pub struct ProjectArgs {
    /// The project's folder
    #[arg(default_value = ".")]
    pub dir: PathBuf,
}

/// `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The project
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Print the JSON Schema of what `--json` prints, and read no project
    #[arg(long)]
    pub schema: bool,
}

/// `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The project
    #[command(flatten)]
    pub project: ProjectArgs,
    /// The process types that count, of those in the Procfile or heroku.yml, such as `web,worker` [default: all]
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub processes: Vec<String>,
    /// The region of a created app, such as `eu` [default: Heroku's]
    #[arg(long, value_name = "NAME")]
    pub region: Option<String>,
    /// Write heroku.yml, too, so that Heroku can build what `git push` brings
    #[arg(long)]
    pub heroku_yml: bool,
    /// Leave heroku.yml as it is
    #[arg(long, conflicts_with_all = ["heroku_yml", "addons"])]
    pub no_heroku_yml: bool,
    /// An add-on that heroku.yml gives a new app, such as `heroku-postgresql`; may be given again
    #[arg(long = "addon", value_name = "PLAN")]
    pub addons: Vec<String>,
}

/// `config`.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// The project
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Print the JSON Schema of nixdyno.toml, and read no project
    #[arg(long)]
    pub schema: bool,
}

/// A kind of file that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Wanted {
    /// The Dockerfile.
    Dockerfile,
    /// What stays out of its context.
    Dockerignore,
    /// What Heroku builds, sets up and runs, when it builds itself.
    HerokuYml,
    /// What checks pull requests and deploys pushes, on the platform of `--for`.
    Ci,
}

/// `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// Which files; dockerfile and dockerignore by default
    #[arg(value_name = "WHAT")]
    pub what: Vec<Wanted>,
    /// Whose file `ci` is: generic is a script for any
    #[arg(long = "for", value_name = "PLATFORM")]
    pub platform: Option<Platform>,
    /// The branch that CI deploys [default: main]
    #[arg(long, value_name = "NAME", requires = "platform")]
    pub branch: Option<String>,
    /// Let CI deploy each pull request to an app of its own, too
    #[arg(long, requires = "platform")]
    pub review_apps: bool,
    /// The project's folder
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,
    /// Write nothing; exit 1 with a diff when a file is not what would be written
    #[arg(long, conflicts_with = "stdout")]
    pub check: bool,
    /// Print the files in place of writing them
    #[arg(long)]
    pub stdout: bool,
}

/// `build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// The project
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Use nothing of earlier builds
    #[arg(long)]
    pub no_cache: bool,
    /// Make the image by Nix alone, without Docker, and bring it to a FILE (an archive for Docker, and an OCI layout),
    /// to `docker` (the engine of this machine), or to `docker://HOST/NAME:TAG`, a registry
    #[arg(long, value_name = "WHERE")]
    pub output: Option<String>,
    /// How an image is laid out that is made without Docker
    #[command(flatten)]
    pub image: ImageFlags,
}

/// Flags of verbs that make images without Docker.
#[derive(Debug, Default, Args)]
pub struct ImageFlags {
    /// Take a store path that was built already; may be given again, for what is to stand beside the first one
    #[arg(long = "store-path", value_name = "PATH")]
    pub store_paths: Vec<String>,
    /// Keep no layer of the last image: the same layers on every machine
    #[arg(long)]
    pub fresh: bool,
    /// How hard layers are compressed: fast, small, or by what the way to the registry takes (auto) [default: auto]
    #[arg(long, value_name = "HOW", value_parser = PossibleValuesParser::new(Compression::ALL.map(Compression::name)))]
    pub compression: Option<String>,
    /// Layers that the image has at most, 2 to 40 [default: 30]
    #[arg(long, value_name = "NUMBER")]
    pub max_layers: Option<String>,
    /// Bytes that the image may hold and no longer need, in percent of those it needs [default: 10]
    #[arg(long, value_name = "PERCENT")]
    pub max_waste: Option<String>,
}

impl ImageFlags {
    /// The first one that was given, in the order of the help.
    pub fn given(&self) -> Option<&'static str> {
        let given = [
            (!self.store_paths.is_empty(), "--store-path"),
            (self.fresh, "--fresh"),
            (self.compression.is_some(), "--compression"),
            (self.max_layers.is_some(), "--max-layers"),
            (self.max_waste.is_some(), "--max-waste"),
        ];
        let found = given.into_iter().find(|(is, _)| *is);
        found.map(|(_, flag)| flag)
    }
}

/// `contents`.
#[derive(Debug, Args)]
pub struct ContentsArgs {
    /// The project
    #[command(flatten)]
    pub project: ProjectArgs,
    /// List every path, and not the largest only
    #[arg(long)]
    pub all: bool,
}

/// `why`.
#[derive(Debug, Args)]
pub struct WhyArgs {
    /// The store path: its name, with the version or without, the start of its hash, or all of it
    #[arg(value_name = "PATH")]
    pub path: String,
    /// The project
    #[command(flatten)]
    pub project: ProjectArgs,
}

/// `deploy`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command line"
)]
pub struct DeployArgs {
    /// The project
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Use nothing of earlier builds
    #[arg(long)]
    pub no_cache: bool,
    /// How an image is laid out that is made without Docker
    #[command(flatten)]
    pub image: ImageFlags,
    /// Create the app when it isn't there
    #[arg(long)]
    pub create: bool,
    /// The region of a created app, such as `eu`
    #[arg(long, value_name = "NAME", requires = "create")]
    pub region: Option<String>,
    /// Move an app of another stack to `container`
    #[arg(long)]
    pub set_stack: bool,
    /// Release even when the image is already running
    #[arg(long)]
    pub force: bool,
}

/// `base`.
#[derive(Debug, Args)]
pub struct BaseArgs {
    /// What about them.
    #[command(subcommand)]
    pub verb: BaseVerb,
}

/// The subcommands of `base`.
#[derive(Debug, Subcommand)]
pub enum BaseVerb {
    /// List the images that `--base` knows by name, with their pins
    List,
    /// Build an image on nixos/nix that holds the nixpkgs which the project pins
    Build(BaseBuildArgs),
    /// Write an image with its digest into nixdyno.toml, as `base`
    Pin(BasePinArgs),
    /// Pull the image that nixdyno.toml names as `base`, and write its digest of today
    Update(ProjectArgs),
}

/// `base build`.
#[derive(Debug, Args)]
pub struct BaseBuildArgs {
    /// The project
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Use nothing of earlier builds
    #[arg(long)]
    pub no_cache: bool,
}

/// `base pin`.
#[derive(Debug, Args)]
pub struct BasePinArgs {
    /// The image, such as ghcr.io/nixos/nix:2.34.0, or nixos/nix for the newest that nixdyno knows
    pub image: String,
    /// The project's folder
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,
}

/// `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write the page of nixdyno and one of each subcommand into a folder, in place of printing
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `rollback`.
#[derive(Debug, Args)]
pub struct RollbackArgs {
    /// The number of the release to go back to [default: the last good one before the current]
    #[arg(value_name = "VERSION", value_parser = parse_version)]
    pub release: Option<u64>,
    /// The project's folder, whose nixdyno.toml may name the app
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,
}

/// `12` or `v12`.
fn parse_version(text: &str) -> Result<u64, String> {
    let digits = text.strip_prefix('v').unwrap_or(text);
    digits
        .parse()
        .map_err(|_| "a release is a number, such as 12 or v12".to_owned())
}

/// `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The project, whose nixdyno.toml may name the app
    #[command(flatten)]
    pub project: ProjectArgs,
}
