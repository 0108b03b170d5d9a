//! Makes sense of what was typed: flags, environment and nixdyno.toml, merged once.
//!
//! Precedence: flag, environment, file; what inspection finds and the defaults come later, in `plan`.
//! The environment is read here and nowhere else.

mod again;
mod caches;
mod config;
mod edit;
mod environment;
mod in_force;
mod prune;
mod words;

pub use config::{Config, SCHEMA};
pub use edit::set_base;
pub use environment::Environment;
pub use in_force::{Row, in_force};

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::cli::{BaseVerb, CacheVerb, Cli, Common, DeployArgs, ImageFlags, Verb};
use crate::closure::StorePath;
use crate::error::{Error, Result};
use crate::inspect::Source;
use crate::names::{AttrPath, EnvName, NixFile, ProcessType, Region};
use crate::plan::{NixArg, Wish, Wishes};
use crate::secret::{Secret, SecretValues};
use crate::ui::Level;

/// Everything a run needs to know beside the project itself.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent wish"
)]
pub struct Settings {
    /// The project's folder.
    pub dir: PathBuf,
    /// The configuration file, there or not.
    pub config: PathBuf,
    /// Whether the user named that file: a project's own may be somebody else's.
    pub config_is_named: bool,
    /// Which of the file's environments counts.
    pub named_env: Option<Wish<EnvName>>,
    /// What to tell of where a wish comes from.
    pub note: Option<String>,
    /// What the user asked of the plan.
    pub wishes: Wishes,
    /// The attribute asked for.
    pub attribute: Option<Wish<AttrPath>>,
    /// The Nix file asked for.
    pub file: Option<Wish<NixFile>>,
    /// Which Nix may evaluate.
    pub evaluate: Evaluate,
    /// Whether evaluation may build.
    pub import_from_derivation: bool,
    /// How much is told.
    pub level: Level,
    /// Effects are only shown.
    pub dry_run: bool,
    /// Nobody is asked.
    pub headless: bool,
    /// Every question is answered with yes.
    pub yes: bool,
    /// The secrets of a build that variables hold.
    pub secrets: SecretValues,
    /// Variables that hold secrets.
    pub hidden: Vec<String>,
    /// Seconds since 1970, for what must differ from run to run.
    pub now: String,
    /// Where nixdyno keeps what it needn't find out again: `$XDG_CACHE_HOME/nixdyno`.
    pub cache: Option<PathBuf>,
    /// Where Heroku is.
    pub heroku: HerokuSettings,
}

/// Which Nix evaluates a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evaluate {
    /// This machine's, if there is one.
    Auto,
    /// None: files are only read.
    Never,
    /// The base image's, in a container.
    Docker,
}

/// Where Heroku is and who we are there.
#[derive(Debug, Clone)]
pub struct HerokuSettings {
    /// `--api-url`.
    pub api_url: Option<String>,
    /// `--registry`.
    pub registry: Option<String>,
    /// `HEROKU_HOST`.
    pub host: Option<String>,
    /// `NIXDYNO_REGISTRY_USER` and `NIXDYNO_REGISTRY_PASSWORD`: for a registry that isn't Heroku's.
    pub registry_login: Option<(String, Secret)>,
    /// `HEROKU_API_KEY`.
    pub api_key: Option<Secret>,
    /// `~/.netrc`.
    pub netrc: Option<PathBuf>,
    /// `NIXDYNO_TWO_FACTOR_CODE`.
    pub two_factor_code: Option<Secret>,
}

impl Settings {
    /// Merges.
    ///
    /// Errors: `settings/config` and what the values' own types refuse (`names/…`, `plan/route`, `plan/nix-arg`).
    pub fn resolve(cli: &Cli, env: &Environment) -> Result<Self> {
        let target = target(&cli.common, env)?;
        let named = cli.common.config.as_deref();
        let config = Config::load(dir(&cli.verb), named, target.as_ref())?;
        Self::merge(cli, env, &config, target.as_ref())
    }

    /// The text of a project's nixdyno.toml; empty where there is none.
    ///
    /// Errors: `settings/config`.
    pub fn text(dir: &Path) -> Result<String> {
        Config::text(dir)
    }

    /// The same, if the project's nixdyno.toml had this text.
    ///
    /// Errors: as [`Settings::resolve`].
    pub fn with_text(cli: &Cli, env: &Environment, text: &str) -> Result<Self> {
        let target = target(&cli.common, env)?;
        let path = dir(&cli.verb).join("nixdyno.toml");
        let config = Config::parse(&path, text, target.as_ref())?;
        Self::merge(cli, env, &config, target.as_ref())
    }

    fn merge(
        cli: &Cli,
        env: &Environment,
        config: &Config,
        target: Option<&Wish<EnvName>>,
    ) -> Result<Self> {
        let dir = dir(&cli.verb).to_owned();
        let layers = Layers {
            common: &cli.common,
            env,
            config,
        };
        caches::check(cli, config)?;
        let mut wishes = layers.wishes(&cli.verb, &dir)?;
        wishes.prune = prune::rules(cli, config)?;
        let attribute = layers.wish("attr", layers.common.attr.as_ref(), |c| c.attr.as_ref())?;
        let file = layers.wish("file", layers.common.file.as_ref(), |c| c.file.as_ref())?;
        let common = &cli.common;
        wishes.again = again::again(&dir, common, &wishes, attribute.as_ref(), file.as_ref());
        wishes.again.splice(0..0, env_words(target));
        let named = cli.common.config.clone();
        Ok(Settings {
            config_is_named: named.is_some(),
            hidden: caches::variables(&wishes.caches),
            config: named.unwrap_or_else(|| dir.join("nixdyno.toml")),
            dir,
            named_env: target.cloned(),
            note: words::note(env, &wishes.nix),
            secrets: caches::values(&wishes.caches, env),
            wishes,
            attribute,
            file,
            evaluate: evaluate(common),
            import_from_derivation: common.import_from_derivation,
            level: level(common),
            dry_run: common.dry_run,
            headless: common.no_input || common.json || common.yes || !env.has_terminal,
            yes: common.yes,
            now: env.now.clone(),
            cache: cache(env),
            heroku: HerokuSettings {
                api_url: common
                    .api_url
                    .clone()
                    .or_else(|| env.get("NIXDYNO_API_URL")),
                registry: common
                    .registry
                    .clone()
                    .or_else(|| env.get("NIXDYNO_REGISTRY")),
                host: env.get("HEROKU_HOST"),
                registry_login: registry_login(env),
                api_key: env.get("HEROKU_API_KEY").map(|key| Secret::new(&key)),
                netrc: env.home.as_ref().map(|home| home.join(".netrc")),
                two_factor_code: env
                    .get("NIXDYNO_TWO_FACTOR_CODE")
                    .map(|code| Secret::new(&code)),
            },
        })
    }
}

impl Settings {
    /// The words that Nix on this machine may have, and the keys of nixdyno.toml whose words it may not: those of a
    /// file that nobody named could let it run anything. Arguments and other inputs only say what is evaluated.
    pub fn words_for_here(&self) -> (Vec<NixArg>, Vec<String>) {
        let mut kept = Vec::new();
        let mut left = Vec::new();
        for part in &self.wishes.nix {
            let table = part.key.split(' ').next().unwrap_or_default();
            let harmless = ["arg", "override-input"].contains(&table);
            let typed = !matches!(part.source, Source::Config { .. });
            if self.config_is_named || typed || harmless {
                kept.extend(part.words.iter().cloned());
            } else {
                left.push(format!("`{}`", part.key));
            }
        }
        (kept, left)
    }
}

impl Settings {
    /// Keys of a project's own nixdyno.toml that may count in a container, and not while the Nix of this machine builds:
    /// what they say decides whom it trusts.
    pub fn only_in_docker(&self) -> Vec<String> {
        let (_, mut keys) = self.words_for_here();
        if self.config_is_named {
            return keys;
        }
        let caches = &self.wishes.caches;
        let substituters = caches.substituters.as_ref().map(|it| &it.source);
        let public_keys = caches.public_keys.as_ref().map(|it| &it.source);
        for (key, source) in [
            ("cache.substituters", substituters),
            ("cache.trusted-public-keys", public_keys),
            ("accept-flake-config", caches.accept_flake_config.as_ref()),
        ] {
            if matches!(source, Some(Source::Config { .. })) {
                keys.push(format!("`{key}`"));
            }
        }
        keys
    }
}

fn dir(verb: &Verb) -> &Path {
    match verb {
        Verb::Plan(args) | Verb::Doctor(args) => &args.dir,
        Verb::Config(args) => &args.project.dir,
        Verb::Inspect(args) => &args.project.dir,
        Verb::Init(args) => &args.project.dir,
        Verb::Generate(args) => &args.dir,
        Verb::Build(args) => &args.project.dir,
        Verb::Contents(args) => &args.project.dir,
        Verb::Why(args) => &args.project.dir,
        Verb::Deploy(args) => &args.project.dir,
        Verb::Status(args) => &args.project.dir,
        Verb::Rollback(args) => &args.dir,
        Verb::Base(args) => match &args.verb {
            BaseVerb::List => Path::new("."),
            BaseVerb::Build(args) => &args.project.dir,
            BaseVerb::Pin(args) => &args.dir,
            BaseVerb::Update(args) => &args.dir,
        },
        Verb::Cache(args) => {
            let CacheVerb::Push(args) = &args.verb;
            &args.project.dir
        }
        Verb::Completions { .. } | Verb::Man(_) => Path::new("."),
    }
}

/// An error in a value, with the place where that was said: a wrong command line is another thing than a wrong file.
fn said(error: Error, source: &Source) -> Error {
    let typed = matches!(source, Source::Flag { .. } | Source::Environment { .. });
    error.said(typed).at(source)
}

fn no_package(name: &str) -> Error {
    let what = format!("`{}` is no package", name.escape_debug());
    let todo = "name an attribute of nixpkgs, such as `curl` or `python3Packages.pip`";
    Error::user("settings/with", what, todo)
}

/// The environment of nixdyno.toml that was asked for.
fn target(common: &Common, env: &Environment) -> Result<Option<Wish<EnvName>>> {
    let variable = "NIXDYNO_ENV";
    let (text, source) = match (&common.named_env, env.get(variable)) {
        (Some(text), _) => {
            let name = "--env".to_owned();
            (text.clone(), Source::Flag { name })
        }
        (None, Some(text)) => {
            let name = variable.to_owned();
            (text, Source::Environment { name })
        }
        (None, None) => return Ok(None),
    };
    let value = text.parse().map_err(|error| said(error, &source))?;
    Ok(Some(Wish { value, source }))
}

/// The words that name it.
fn env_words(target: Option<&Wish<EnvName>>) -> Vec<String> {
    let words = |it: &Wish<EnvName>| vec!["--env".to_owned(), it.value.to_string()];
    target.map(words).unwrap_or_default()
}

fn deploy_args(verb: &Verb) -> Option<&DeployArgs> {
    match verb {
        Verb::Deploy(args) => Some(args),
        _ => None,
    }
}

fn registry_login(env: &Environment) -> Option<(String, Secret)> {
    let user = env.get("NIXDYNO_REGISTRY_USER")?;
    let password = env.get("NIXDYNO_REGISTRY_PASSWORD")?;
    Some((user, Secret::new(&password)))
}

fn cache(env: &Environment) -> Option<PathBuf> {
    let named = env.get("XDG_CACHE_HOME").map(PathBuf::from);
    // By its specification one that isn't absolute doesn't count.
    let named = named.filter(|path| path.is_absolute());
    let usual = || Some(env.home.as_ref()?.join(".cache"));
    Some(named.or_else(usual)?.join("nixdyno"))
}

fn image_flags(verb: &Verb) -> Option<&ImageFlags> {
    match verb {
        Verb::Deploy(args) => Some(&args.image),
        Verb::Build(args) => Some(&args.image),
        _ => None,
    }
}

/// Store paths, each by its whole name, or by a link such as `result` that leads there. One that is named twice counts once.
fn store_paths(words: &[String]) -> Result<Vec<StorePath>> {
    let mut paths = Vec::new();
    for word in words {
        let path = store_path(word)?;
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    Ok(paths)
}

fn store_path(word: &str) -> Result<StorePath> {
    let whole = fs_err::canonicalize(word).unwrap_or_else(|_| word.into());
    let Some(path) = StorePath::parse(&whole.to_string_lossy()) else {
        return Err(Error::usage(
            "settings/store-path",
            format!("`{}` is no store path", word.escape_debug()),
            "give what `nix build --print-out-paths` prints, or the link that it leaves: `--store-path ./result`",
        ));
    };
    if path.name().strip_suffix(".drv").is_some() {
        return Err(Error::usage(
            "settings/store-path",
            format!(
                "`{}` is a derivation, not what it builds",
                word.escape_debug()
            ),
            format!("build it first, and give what that prints: `nix-store --realise {path}`"),
        ));
    }
    Ok(path)
}

fn evaluate(common: &Common) -> Evaluate {
    match common.evaluate.as_str() {
        _ if common.no_eval => Evaluate::Never,
        "never" => Evaluate::Never,
        "docker" => Evaluate::Docker,
        _ => Evaluate::Auto,
    }
}

fn level(common: &Common) -> Level {
    match (common.quiet, common.verbose) {
        (true, _) => Level::Quiet,
        (false, true) => Level::Verbose,
        (false, false) => Level::Normal,
    }
}

/// The three places a value may come from.
struct Layers<'a> {
    common: &'a Common,
    env: &'a Environment,
    config: &'a Config,
}

impl Layers<'_> {
    /// The first place that has the value, parsed.
    fn wish<T>(
        &self,
        key: &str,
        flag: Option<&String>,
        file: impl Fn(&Config) -> Option<&String>,
    ) -> Result<Option<Wish<T>>>
    where
        T: FromStr<Err = Error>,
    {
        let variable = format!("NIXDYNO_{}", key.to_ascii_uppercase());
        let (text, source) = if let Some(text) = flag {
            (
                text.clone(),
                Source::Flag {
                    name: format!("--{key}"),
                },
            )
        } else if let Some(text) = self.env.get(&variable) {
            (text, Source::Environment { name: variable })
        } else if let Some(text) = file(self.config) {
            (text.clone(), self.config.source(key))
        } else {
            return Ok(None);
        };
        let value = text.parse::<T>().map_err(|error| said(error, &source))?;
        Ok(Some(Wish { value, source }))
    }

    /// Of a flag that one verb has, or of the file.
    fn region(&self, flag: Option<&String>) -> Result<Option<Wish<Region>>> {
        let (text, source) = match (flag, &self.config.region) {
            (Some(text), _) => {
                let name = "--region".to_owned();
                (text, Source::Flag { name })
            }
            (None, Some(text)) => (text, self.config.source("region")),
            (None, None) => return Ok(None),
        };
        let value = text.parse().map_err(|error: Error| said(error, &source))?;
        Ok(Some(Wish { value, source }))
    }

    /// Those of flags, or those of the file.
    fn with(&self) -> Result<Option<Wish<Vec<AttrPath>>>> {
        let (names, source) = if self.common.with.is_empty() {
            (&self.config.with, self.config.source("with"))
        } else {
            let name = "--with".to_owned();
            (&self.common.with, Source::Flag { name })
        };
        let parsed = names.iter().map(|name| match name.parse::<AttrPath>() {
            Ok(path) if path.is_root() || name.starts_with('-') => Err(no_package(name)),
            parsed => parsed,
        });
        let value = parsed.collect::<Result<Vec<AttrPath>>>();
        let value = value.map_err(|error| said(error, &source))?;
        Ok((!value.is_empty()).then_some(Wish { value, source }))
    }

    /// Of a flag that one verb has, or of the file.
    fn processes(&self, verb: &Verb) -> Result<Option<Wish<Vec<ProcessType>>>> {
        let (names, source) = match verb {
            Verb::Init(args) if !args.processes.is_empty() => {
                let name = "--processes".to_owned();
                (&args.processes, Source::Flag { name })
            }
            _ => (&self.config.processes, self.config.source("processes")),
        };
        let parsed = names.iter().map(|name| name.parse());
        let value = parsed.collect::<Result<Vec<ProcessType>>>();
        let value = value.map_err(|error| said(error, &source))?;
        Ok((!value.is_empty()).then_some(Wish { value, source }))
    }

    /// Of a flag that some verbs have, or of the file.
    fn of_image<T: FromStr<Err = Error>>(
        &self,
        key: &str,
        flag: Option<&String>,
        file: Option<String>,
    ) -> Result<Option<Wish<T>>> {
        let (text, source) = match (flag, file) {
            (Some(text), _) => {
                let name = format!("--{key}");
                (text.clone(), Source::Flag { name })
            }
            (None, Some(text)) => (text, self.config.source(key)),
            (None, None) => return Ok(None),
        };
        let value = text.parse().map_err(|error| said(error, &source))?;
        Ok(Some(Wish { value, source }))
    }

    fn wishes(&self, verb: &Verb, dir: &Path) -> Result<Wishes> {
        let common = self.common;
        let deploy = deploy_args(verb);
        let region = match verb {
            Verb::Init(args) => args.region.as_ref(),
            _ => deploy.and_then(|args| args.region.as_ref()),
        };
        let none = ImageFlags::default();
        let image = image_flags(verb).unwrap_or(&none);
        let file = self.config;
        Ok(Wishes {
            store_paths: store_paths(&image.store_paths)?,
            most_layers: self.of_image(
                "max-layers",
                image.max_layers.as_ref(),
                file.max_layers.map(|it| it.to_string()),
            )?,
            waste: self.of_image(
                "max-waste",
                image.max_waste.as_ref(),
                file.max_waste.map(|it| it.to_string()),
            )?,
            compression: self.of_image(
                "compression",
                image.compression.as_ref(),
                file.compression.clone(),
            )?,
            fresh: image.fresh,
            nix_here: None,
            app: self.wish("app", common.app.as_ref(), |c| c.app.as_ref())?,
            route: self.wish("route", common.route.as_ref(), |c| c.route.as_ref())?,
            base: self.wish("base", common.base.as_ref(), |c| c.base.as_ref())?,
            dockerfile: self.wish("dockerfile", common.dockerfile.as_ref(), |c| {
                c.dockerfile.as_ref()
            })?,
            program: self.wish("program", common.program.as_ref(), |c| c.program.as_ref())?,
            processes: self.processes(verb)?,
            root: self.wish("root", common.root.as_ref(), |c| c.root.as_ref())?,
            with: self.with()?,
            nix: self.nix()?,
            build_args: self.build_args()?,
            again: Vec::new(),
            caches: caches::wishes(self, dir)?,
            prune: Vec::new(),
            create: deploy.is_some_and(|args| args.create),
            region: self.region(region)?,
            set_stack: deploy.is_some_and(|args| args.set_stack),
            force_id: deploy
                .filter(|args| args.force)
                .map(|_| self.env.now.clone()),
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    pub(super) fn resolve(
        words: &[&str],
        variables: &[(&str, &str)],
        file: &str,
    ) -> Result<Settings> {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("nixdyno.toml"), file).unwrap();
        let mut line = vec!["nixdyno"];
        line.extend(words);
        let path = dir.path().to_str().unwrap().to_owned();
        line.push(&path);
        Settings::resolve(&Cli::parse_from(line), &Environment::of(variables))
    }

    #[test]
    fn store_paths_are_what_was_built_and_each_counts_once() {
        let path = |letter: &str, name: &str| format!("/nix/store/{}-{name}", letter.repeat(32));
        let (one, two) = (path("a", "one"), path("b", "two"));
        let given = |all: &[&str]| {
            let flags = all.iter().flat_map(|it| ["--store-path", *it]);
            let words: Vec<&str> = ["build"].into_iter().chain(flags).collect();
            resolve(&words, &[], "").map(|it| it.wishes.store_paths)
        };
        let paths = given(&[&two, &one, &two]).unwrap();
        let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
        assert_eq!(paths, [two, one]);
        let derivation = given(&[&path("c", "web.drv")]).unwrap_err();
        insta::assert_snapshot!("derivation", derivation);
        insta::assert_snapshot!("no_store_path", given(&["./nowhere"]).unwrap_err());
    }

    fn app(words: &[&str], variables: &[(&str, &str)], file: &str) -> (String, Source) {
        let wish = resolve(words, variables, file).unwrap().wishes.app.unwrap();
        (wish.value.to_string(), wish.source)
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file() {
        let file = "app = \"from-file\"";
        let variable = ("NIXDYNO_APP", "from-env");
        let flag = ["plan", "-a", "from-flag"];
        assert_eq!(app(&flag, &[variable], file).0, "from-flag");
        let (name, source) = app(&["plan"], &[variable], file);
        assert_eq!(
            (name.as_str(), source.to_string().as_str()),
            ("from-env", "NIXDYNO_APP")
        );
        let (name, source) = app(&["plan"], &[], file);
        assert_eq!(
            (name.as_str(), source.to_string().as_str()),
            ("from-file", "nixdyno.toml, app")
        );
    }

    #[test]
    fn a_project_s_own_words_are_not_for_the_nix_of_this_machine() {
        let file = "impure = true\noptions = { allow-unsafe-native-code-during-evaluation = true }\n\
                    nix-args = ['--read-write-mode']\nargs = { name = 'x' }\noverride-inputs = { a = 'path:/b' }\n";
        let here = |settings: &Settings| {
            let (kept, left) = settings.words_for_here();
            let kept: Vec<&str> = kept.iter().map(NixArg::as_str).collect();
            format!("{} / {}", kept.join(" "), left.join(" "))
        };
        let own = resolve(&["plan", "--option", "cores", "2"], &[], file).unwrap();
        assert_eq!(
            here(&own),
            "--override-input a path:/b --option cores 2 --argstr name x / \
             `nix-args` `impure` `option allow-unsafe-native-code-during-evaluation`"
        );
        let mut named = own;
        named.config_is_named = true;
        assert!(here(&named).ends_with(" / "), "{}", here(&named));
    }

    #[test]
    fn whom_nix_trusts_is_not_for_a_project_to_say() {
        let file = "accept-flake-config = true\noptions = { sandbox = false }\n\
                    [cache]\nsubstituters = ['https://cache.example.org']\n\
                    trusted-public-keys = ['a:lDe3MFxrG9Mq1Uvi6yWf2NDwZ4hqQNWhvQ2XbN2M8nE=']\n";
        let mut own = resolve(&["plan"], &[], file).unwrap();
        assert_eq!(
            own.only_in_docker().join(" "),
            "`option sandbox` `cache.substituters` `cache.trusted-public-keys` `accept-flake-config`"
        );
        own.config_is_named = true;
        assert!(own.only_in_docker().is_empty());
        let words = ["plan", "--substituter", "https://cache.example.org"];
        assert!(
            resolve(&words, &[], "")
                .unwrap()
                .only_in_docker()
                .is_empty()
        );
    }

    #[test]
    fn what_holds_a_secret_is_hidden_from_nix() {
        let words = ["plan", "--secret", "netrc=env:MINE"];
        let hidden = resolve(&words, &[], "").unwrap().hidden;
        for name in [
            "HEROKU_API_KEY",
            "NIXDYNO_REGISTRY_PASSWORD",
            "AWS_SECRET_ACCESS_KEY",
            "MINE",
        ] {
            assert!(hidden.iter().any(|it| it == name), "{name}");
        }
    }

    #[test]
    fn without_a_terminal_nobody_is_asked() {
        assert!(resolve(&["plan"], &[], "").unwrap().headless);
    }

    #[test]
    fn a_region_is_checked_and_the_flag_s_comes_first() {
        let words = ["deploy", "--create", "--region", "eu"];
        let region = |words: &[&str], file: &str| {
            let found = resolve(words, &[], file);
            found.map(|it| it.wishes.region.map(|it| it.value.to_string()))
        };
        let file = "region = \"us\"";
        assert_eq!(region(&words, file).unwrap().as_deref(), Some("eu"));
        assert_eq!(region(&["plan"], file).unwrap().as_deref(), Some("us"));
        assert_eq!(region(&["plan"], "").unwrap(), None);
        let wrong = region(&["deploy"], "region = \"Europe\"").unwrap_err();
        assert_eq!(wrong.id(), "names/region");
        assert!(wrong.to_string().contains("where:"), "{wrong}");
    }
}
