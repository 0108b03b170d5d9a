//! Spares a push what the registry has already, where the engine can't know that by itself.
//!
//! An image that is there with the same ID is not pushed at all. Else: Docker with its older image store asks the registry for a layer by its compressed digest, which it has only of
//! layers that it pushed or pulled. An engine that is new to an app, as in CI, would compress and send the whole closure
//! again, only for the registry to throw it away. So the image that was pushed last is pulled first, where most of it is
//! what was just built: down is quicker than up, and nothing is compressed. Never more than a matter of speed: what
//! fails here is no failure of the deploy.

use crate::deploy::Deploy;
use crate::docker::{Built, digests, forget, inspect, pull};
use crate::error::{Kind, Result};
use crate::names::{AppName, Digest};
use crate::registry::{Layer, Newest, Repository};
use crate::shell::{Cmd, Runner, Streamed};
use crate::ui::human_bytes;

use super::images;

/// Bytes, compressed: less is sent sooner than it is asked for.
const WORTH_IT: u64 = 8_000_000;

/// The digest of the manifest by which the registry has an image already, so that nothing need be pushed. Otherwise,
/// for the `first` of several, what was pushed last is pulled, where that spares the push most of its bytes.
///
/// Errors: `interrupted`.
pub(super) fn look(
    deploy: &Deploy<'_>,
    app: &AppName,
    image: &Built,
    first: bool,
) -> Result<Option<Digest>> {
    let looked = newest(deploy, app, image).and_then(|newest| {
        let Some(newest) = newest else {
            return Ok(None);
        };
        if image.id.as_ref() == Some(&newest.image_id) {
            let process = &image.process;
            deploy
                .ui
                .detail(&format!("{process}: the registry has this image"));
            return Ok(Some(newest.manifest));
        }
        // All process types have the layers of one root, and one repository tells of them to the others.
        if first {
            learn(deploy, app, image, &newest)?;
        }
        Ok(None)
    });
    match looked {
        Err(error) if error.kind() != Kind::Interrupted => {
            let what = error.what();
            deploy.ui.detail(&format!("All is pushed: {what}"));
            Ok(None)
        }
        looked => looked,
    }
}

fn newest(deploy: &Deploy<'_>, app: &AppName, image: &Built) -> Result<Option<Newest>> {
    let Some(registry) = deploy.registry else {
        return Ok(None);
    };
    registry.newest(&Repository {
        app: app.clone(),
        process: image.process.clone(),
    })
}

fn learn(deploy: &Deploy<'_>, app: &AppName, image: &Built, newest: &Newest) -> Result<()> {
    let repository = images::name(deploy, app, &image.process);
    if images::images(deploy)?.facts.containerd_store || knows(deploy, &repository)? {
        return Ok(());
    }
    let layers = inspect(deploy.runner, &image.tag)?.root_fs.layers;
    if !spares(newest, &layers) {
        return Ok(());
    }
    deploy.ui.detail(&format!(
        "This Docker doesn't know what the registry has: {} are pulled first, and need not be sent",
        human_bytes(sum(newest.layers.iter()))
    ));
    let shown = |cmd: &Cmd| deploy.show(cmd);
    if !pull_and_forget(deploy.runner, shown, &repository, &newest.manifest)? {
        deploy
            .ui
            .detail("All is pushed: the last image can't be pulled");
    }
    Ok(())
}

/// Whether the pull went well. What it told the engine stays; an image that nobody asked for doesn't, and it may be
/// there after Ctrl-C or a deadline as well.
fn pull_and_forget(
    runner: &dyn Runner,
    show: impl FnOnce(&Cmd) -> Result<Streamed>,
    repository: &str,
    manifest: &Digest,
) -> Result<bool> {
    let pulled = show(&pull(repository, manifest));
    let forgotten = runner.capture(&forget(repository, manifest).tidies());
    let pulled = pulled?.status == 0;
    forgotten?;
    Ok(pulled)
}

/// Whether the engine has pushed to a repository, or pulled from it.
fn knows(deploy: &Deploy<'_>, repository: &str) -> Result<bool> {
    let answer = deploy.runner.capture(&digests(repository))?;
    Ok(answer.stdout.lines().any(|it| it.starts_with("sha256:")))
}

/// Whether most of what would be pulled need not be sent then, and is worth the while.
fn spares(newest: &Newest, built: &[String]) -> bool {
    let same = |layer: &&Layer| built.contains(&layer.diff_id);
    let spared = sum(newest.layers.iter().filter(same));
    spared >= WORTH_IT && spared >= sum(newest.layers.iter()) / 2
}

fn sum<'a>(layers: impl Iterator<Item = &'a Layer>) -> u64 {
    layers.fold(0, |sum, layer| layer.bytes.saturating_add(sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::shell::Recorded;

    fn newest(layers: &[(&str, u64)]) -> Newest {
        let layers = layers.iter().map(|(diff_id, bytes)| Layer {
            diff_id: (*diff_id).to_owned(),
            bytes: *bytes,
        });
        Newest {
            manifest: format!("sha256:{}", "a".repeat(64)).parse().unwrap(),
            image_id: format!("sha256:{}", "b".repeat(64)).parse().unwrap(),
            layers: layers.collect(),
        }
    }

    #[test]
    fn what_was_pulled_is_forgotten_however_the_pull_ended() {
        let manifest: Digest = format!("sha256:{}", "a".repeat(64)).parse().unwrap();
        let ended = |status: Option<i32>| {
            let runner = Recorded::new();
            let shown = |_: &Cmd| {
                let status = status.ok_or_else(Error::interrupted)?;
                let tail = Vec::new();
                Ok(Streamed { status, tail })
            };
            let pulled = pull_and_forget(&runner, shown, "registry/my-app/web", &manifest);
            assert_eq!(runner.all().len(), 1, "{status:?}");
            assert!(runner.all()[0].starts_with("docker image rm registry/my-app/web@sha256:"));
            pulled
        };
        assert!(ended(Some(0)).unwrap());
        assert!(!ended(Some(1)).unwrap());
        assert_eq!(ended(None).unwrap_err().kind(), Kind::Interrupted);
    }

    #[test]
    fn only_what_spares_most_of_its_bytes_is_pulled() {
        let built = [
            "base".to_owned(),
            "dependencies".to_owned(),
            "app".to_owned(),
        ];
        let spares = |layers: &[(&str, u64)]| spares(&newest(layers), &built);
        assert!(spares(&[
            ("base", 4_000_000),
            ("dependencies", 4_000_000),
            ("old", 100)
        ]));
        assert!(
            !spares(&[("base", 4_000_000), ("old", 100)]),
            "not worth it"
        );
        assert!(
            !spares(&[("base", 9_000_000), ("old", 10_000_000)]),
            "more comes than is spared"
        );
        assert!(spares(&[("base", u64::MAX), ("app", u64::MAX)]));
        assert!(!spares(&[]));
    }
}
