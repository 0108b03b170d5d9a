//! Hands secrets to a build: as files of the Docker client's, which only `BuildKit` mounts.
//!
//! Takes where each is read from, and what variables held; gives words for `docker build` that name files. A value of
//! a variable is written to a file that only its owner may read, in a temporary folder that goes with the build,
//! after Ctrl-C too. Never puts a value into a word, a variable, a build argument or the context.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::files;
use crate::names::{SecretKind, SecretSource};
use crate::plan::Plan;
use crate::secret::SecretValues;
use crate::shell::quote;

use super::Facts;
use super::build::{Builder, builder};

/// `BuildKit` takes no larger one.
const MOST_BYTES: u64 = 500 * 1024;

/// What handing over needs to know.
pub(super) struct Handing<'a> {
    pub(super) plan: &'a Plan,
    pub(super) values: &'a SecretValues,
    pub(super) facts: &'a Facts,
    /// The project's folder.
    pub(super) dir: &'a Path,
    /// Whether the key that signs is wanted, too.
    pub(super) signs: bool,
    /// Nothing is written: a dry run.
    pub(super) dry: bool,
}

impl Handing<'_> {
    fn wanted(&self) -> impl Iterator<Item = (SecretKind, &SecretSource)> {
        let all = self.plan.caches.secrets.iter();
        let all = all.map(|(kind, source)| (*kind, source));
        all.filter(|(kind, _)| self.signs || *kind != SecretKind::SigningKey)
    }

    /// Refuses what this Docker can't do, before anything is built.
    ///
    /// Errors: `docker/needs-buildkit`, `docker/no-ssh-agent`.
    pub(super) fn check(&self) -> Result<()> {
        let caches = &self.plan.caches;
        let needed = caches.cache_mounts || caches.ssh || self.wanted().next().is_some();
        if needed && builder(self.facts) == Builder::Classic {
            return Err(needs_buildkit());
        }
        if caches.ssh && !self.values.has_agent {
            return Err(no_agent());
        }
        Ok(())
    }

    /// Writes what variables hold below `folder`; gives the words for `docker build`.
    ///
    /// Errors: `docker/no-secret`, `docker/secret-in-context`, `docker/secret-leads-out`, `docker/secret-unwritable`.
    pub(super) fn words(&self, context: &Context, folder: &Path) -> Result<Vec<String>> {
        let mut words = Vec::new();
        for (kind, source) in self.wanted() {
            let path = match source {
                SecretSource::File(path) => self.file(kind, Path::new(path), context)?,
                SecretSource::Variable(_) | SecretSource::Custom => {
                    self.written(kind, source, &folder.join("secrets"))?
                }
            };
            words.extend(["--secret".to_owned(), word(kind, &path)]);
        }
        if self.plan.caches.ssh {
            words.extend(["--ssh", "default"].map(str::to_owned));
        }
        Ok(words)
    }

    /// A file as it is, where it can be read and doesn't enter the build with the sources.
    fn file(&self, kind: SecretKind, path: &Path, context: &Context) -> Result<PathBuf> {
        let bytes =
            files::read(path, MOST_BYTES).map_err(|error| no_secret(kind, &error.to_string()))?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(no_secret(kind, &format!("{} is empty", path.display())));
        }
        // A link into the project brings it there as well.
        let whole = fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let dir = fs_err::canonicalize(self.dir).unwrap_or_else(|_| self.dir.to_owned());
        if let Some(link) = link_out(&dir, path) {
            return Err(leads_out(kind, link, &whole));
        }
        let inside = whole.strip_prefix(&dir).ok();
        let enters = inside.filter(|inside| context.files.iter().any(|(file, _)| file == inside));
        match enters {
            Some(inside) => Err(in_context(kind, inside)),
            None => Ok(whole),
        }
    }

    fn written(&self, kind: SecretKind, source: &SecretSource, folder: &Path) -> Result<PathBuf> {
        let Some(value) = self.values.values.get(&kind) else {
            return Err(no_variable(kind, source));
        };
        let path = folder.join(kind.name());
        let write = || -> std::io::Result<()> {
            fs_err::create_dir_all(folder)?;
            let mut options = OpenOptions::new();
            let mut file = options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)?;
            file.write_all(value.reveal().as_bytes())?;
            file.write_all(b"\n")
        };
        if !self.dry {
            write().map_err(|error| {
                Error::user(
                    "docker/secret-unwritable",
                    format!("the secret {kind} can't be laid ready for Docker: {error}"),
                    "free some space, or set TMPDIR to a folder you may write",
                )
            })?;
        }
        Ok(path)
    }
}

/// The link in the project's folder by which a path leads out of it: whoever wrote the project has chosen where to.
fn link_out<'a>(dir: &Path, path: &'a Path) -> Option<&'a Path> {
    path.ancestors().find(|part| {
        let is_link = fs_err::symlink_metadata(part).is_ok_and(|found| found.is_symlink());
        let parent = part.parent().and_then(|it| fs_err::canonicalize(it).ok());
        is_link && parent.is_some_and(|it| it.starts_with(dir)) && files::leads_out(dir, part)
    })
}

/// `id=…,src=…`, which Docker reads as a line of CSV.
fn word(kind: SecretKind, path: &Path) -> String {
    let src = format!("src={}", path.display());
    if src.contains([',', '"']) {
        format!("id={kind},\"{}\"", src.replace('"', "\"\""))
    } else {
        format!("id={kind},{src}")
    }
}

fn needs_buildkit() -> Error {
    Error::user(
        "docker/needs-buildkit",
        "secrets, ssh and cache mounts need BuildKit, and this Docker has the classic builder only",
        "install buildx: https://docs.docker.com/go/buildx/",
    )
    .because("the classic builder would have to write a secret into a layer")
    .or("read from a cache that asks for no login, and leave the secrets out")
}

fn no_agent() -> Error {
    Error::user(
        "docker/no-ssh-agent",
        "the build is to ask your ssh agent, and there is none",
        "start it and give it the key: `eval $(ssh-agent) && ssh-add`",
    )
    .because("SSH_AUTH_SOCK is not set")
}

fn no_secret(kind: SecretKind, why: &str) -> Error {
    Error::user(
        "docker/no-secret",
        format!("the secret {kind} can't be read: {why}"),
        format!("name its file, or a variable: `--secret {kind}=FILE`, `--secret {kind}=env:NAME`"),
    )
}

fn no_variable(kind: SecretKind, source: &SecretSource) -> Error {
    let (name, todo) = match source {
        SecretSource::Variable(name) => (name.as_str(), format!("set {name}")),
        _ => (
            "AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY",
            "set both, and AWS_SESSION_TOKEN where there is one".to_owned(),
        ),
    };
    Error::user(
        "docker/no-secret-variable",
        format!("the secret {kind} can't be read: {name} is not set"),
        todo,
    )
    .or(format!("read it from a file: `--secret {kind}=FILE`"))
}

fn in_context(kind: SecretKind, path: &Path) -> Error {
    Error::user(
        "docker/secret-in-context",
        format!(
            "the secret {kind} is a file of the project: {} would enter the build with its sources",
            path.display()
        ),
        format!("list it in .gitignore: `{}`", path.display()),
    )
    .because("Nix copies sources into its store, and from there they may come into the image")
    .or("keep it outside of the project")
}

fn leads_out(kind: SecretKind, link: &Path, whole: &Path) -> Error {
    Error::user(
        "docker/secret-leads-out",
        format!(
            "the secret {kind} is read through a link that leads out of the project: {}",
            link.display()
        ),
        format!("if that is what you mean, name the file itself: `--secret {kind}={}`", quote(&whole.display().to_string())),
    )
    .because("whoever wrote the project chose where it leads, and the build could read that and send it anywhere")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::context::survey;
    use crate::docker::Version;
    use crate::secret::Secret;

    const OLD: Version = Version {
        major: 20,
        minor: 10,
    };

    fn facts(client: Version) -> Facts {
        Facts {
            client,
            engine: OLD,
            buildx: None,
            containerd_store: false,
            architecture: "x86_64".to_owned(),
        }
    }

    fn plan(secrets: &[(SecretKind, &str)]) -> Plan {
        let text = include_str!("../../tests/fixtures/plan.json");
        let mut plan: Plan = serde_json::from_str(text).unwrap();
        let source = |(kind, text): &(SecretKind, &str)| (*kind, text.parse().unwrap());
        plan.caches.secrets = secrets.iter().map(source).collect();
        plan
    }

    fn handed(
        secrets: &[(SecretKind, &str)],
        values: &SecretValues,
        dir: &Path,
        to: &Path,
    ) -> Result<Vec<String>> {
        let handing = Handing {
            plan: &plan(secrets),
            values,
            facts: &facts(OLD),
            dir,
            signs: false,
            dry: false,
        };
        handing.check()?;
        handing.words(&survey(dir).unwrap(), to)
    }

    #[test]
    fn a_value_is_written_where_only_its_owner_reads_it() {
        let (dir, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut values = SecretValues::default();
        values
            .values
            .insert(SecretKind::Netrc, Secret::new("machine a password hunter2"));
        values
            .values
            .insert(SecretKind::SigningKey, Secret::new("k:hunter3"));
        let secrets = [
            (SecretKind::Netrc, "env:A"),
            (SecretKind::SigningKey, "env:B"),
        ];
        let words = handed(&secrets, &values, dir.path(), to.path()).unwrap();
        let path = to.path().join("secrets/netrc");
        assert_eq!(
            words,
            [
                "--secret".to_owned(),
                format!("id=netrc,src={}", path.display())
            ]
        );
        assert_eq!(
            fs_err::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(
            fs_err::read_to_string(&path).unwrap(),
            "machine a password hunter2\n"
        );
        assert!(!to.path().join("secrets/signing-key").exists());
    }

    #[test]
    fn a_file_of_the_project_is_refused_unless_git_ignores_it() {
        let outer = tempfile::tempdir().unwrap();
        let dir = outer.path().join("project");
        fs_err::create_dir(&dir).unwrap();
        let write = |path: &Path| fs_err::write(path, "machine a").unwrap();
        write(&dir.join("netrc"));
        write(&outer.path().join("a,\"b"));
        std::os::unix::fs::symlink(dir.join("netrc"), outer.path().join("link")).unwrap();
        let hand = |path: &Path| {
            let secrets = [(SecretKind::Netrc, path.to_str().unwrap())];
            handed(&secrets, &SecretValues::default(), &dir, outer.path())
        };
        let inside = hand(&dir.join("netrc")).unwrap_err();
        insta::assert_snapshot!("secret_in_context", inside);
        assert_eq!(
            hand(&outer.path().join("link")).unwrap_err().id(),
            inside.id()
        );
        let odd = hand(&outer.path().join("a,\"b")).unwrap();
        assert!(
            odd[1].starts_with("id=netrc,\"src=") && odd[1].ends_with("a,\"\"b\""),
            "{odd:?}"
        );
        fs_err::create_dir(dir.join(".git")).unwrap();
        fs_err::write(dir.join(".gitignore"), "netrc\n").unwrap();
        assert!(hand(&dir.join("netrc")).is_ok());
    }

    #[test]
    fn a_link_of_the_project_may_not_lead_out_of_it() {
        let outer = tempfile::tempdir().unwrap();
        let outer = fs_err::canonicalize(outer.path()).unwrap();
        let dir = outer.join("project");
        fs_err::create_dir_all(dir.join("sub")).unwrap();
        fs_err::create_dir(outer.join("keys")).unwrap();
        fs_err::write(outer.join("keys/netrc"), "machine a").unwrap();
        let link = |to: &Path, at: &Path| std::os::unix::fs::symlink(to, at).unwrap();
        link(&outer.join("keys/netrc"), &dir.join("netrc"));
        link(&outer.join("keys"), &dir.join("keys"));
        link(&outer.join("keys/netrc"), &outer.join("outside"));
        let hand = |path: &str| {
            let path = outer.join(path);
            let secrets = [(SecretKind::Netrc, path.to_str().unwrap())];
            handed(&secrets, &SecretValues::default(), &dir, &outer)
        };
        let error = hand("project/netrc").unwrap_err();
        let shown = error.to_string().replace(outer.to_str().unwrap(), "OUTER");
        insta::assert_snapshot!("secret_leads_out", shown);
        for path in ["project/keys/netrc", "project/sub/../netrc"] {
            assert_eq!(hand(path).unwrap_err().id(), error.id(), "{path}");
        }
        for path in ["outside", "project/../keys/netrc", "keys/netrc"] {
            assert!(hand(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn refusals() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("empty");
        fs_err::write(&path, "\n").unwrap();
        let none = SecretValues::default();
        let error = |text: &str| {
            let error =
                handed(&[(SecretKind::Aws, text)], &none, dir.path(), dir.path()).unwrap_err();
            error
                .to_string()
                .replace(dir.path().to_str().unwrap(), "DIR")
        };
        let shown = [
            error("/nowhere/aws"),
            error(path.to_str().unwrap()),
            error("env:TOKEN"),
            error("env"),
        ];
        insta::assert_snapshot!("no_secret", shown.join("\n\n"));
    }

    #[test]
    fn what_docker_can_not_do_is_refused_first() {
        let check = |plan: &Plan, major| {
            let handing = Handing {
                plan,
                values: &SecretValues::default(),
                facts: &facts(Version { major, minor: 0 }),
                dir: Path::new("."),
                signs: false,
                dry: false,
            };
            handing.check()
        };
        let mut plan = plan(&[(SecretKind::SigningKey, "env:A")]);
        assert!(check(&plan, 23).is_ok(), "it is not given to a build");
        plan.caches.cache_mounts = true;
        insta::assert_snapshot!("needs_buildkit", check(&plan, 23).unwrap_err());
        assert!(check(&plan, 20).is_ok());
        plan.caches.ssh = true;
        insta::assert_snapshot!("no_ssh_agent", check(&plan, 20).unwrap_err());
    }
}
