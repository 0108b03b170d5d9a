//! What routes share that push images: build, push, check what was pushed, release.

use super::known;
use crate::deploy::app::app_of;
use crate::deploy::{Deploy, Done, Pushed, Shipped, short, still_on};
use crate::docker::{Built, Images};
use crate::error::{Error, Result};
use crate::heroku::App;
use crate::names::{AppName, Digest, ProcessType};
use crate::plan::Route;
use crate::registry::{PushedImage, Repository, check};
use crate::ui::human_bytes;

/// What differs from route to route.
pub(super) trait Ship {
    /// Refuses before anything is built what this route can't do here.
    fn check(&self, _deploy: &Deploy<'_>) -> Result<()> {
        Ok(())
    }

    /// Makes the registry take what comes next.
    fn login(&self, deploy: &Deploy<'_>) -> Result<()>;

    /// Pushes one image; returns the digest of its manifest, as the push itself told it.
    fn push(&self, deploy: &Deploy<'_>, app: &AppName, built: &Built) -> Result<Digest>;

    /// Asks Heroku to run what was pushed. Whether that made a release is for the caller to see.
    fn release(&self, deploy: &Deploy<'_>, app: &AppName, pushed: &[Pushed]) -> Result<()>;
}

/// Deploys by images that are built here.
pub(super) fn deploy(deploy: &Deploy<'_>, way: &dyn Ship) -> Result<Done> {
    let name = app_of(deploy.plan)?;
    let found = deploy.find(name, App::takes_images)?;
    way.check(deploy)?;
    let built = build(deploy, name)?;
    // Nothing at Heroku is changed before there is something to release.
    let app = deploy.prepare(name, found, App::takes_images)?;
    let pushed = push(deploy, &app.name, way, &built)?;
    let before = deploy.api.newest_release(&app.name)?;
    let topic = deploy
        .ui
        .topic(&format!("Releasing {}", deploy.process_list()));
    way.release(deploy, &app.name, &pushed)?;
    let settled = deploy
        .settle(&app.name, before.as_ref(), &pushed)
        .map_err(|error| still_on(error, &app.name))?;
    topic.done();
    deploy.end(app, settled, Shipped::Images(pushed))
}

/// The hands that build.
pub(super) fn images<'a>(deploy: &'a Deploy<'_>) -> Result<&'a Images<'a>> {
    let images = deploy.images.as_ref();
    images.ok_or_else(|| {
        Error::bug(
            "deploy/no-images",
            "this route was given nothing to build by",
        )
    })
}

fn build(deploy: &Deploy<'_>, app: &AppName) -> Result<Vec<Built>> {
    images(deploy)?.build(deploy.plan, &|process| {
        Some(format!("{}:latest", name(deploy, app, process)))
    })
}

/// An image's name in Heroku's registry, without a tag.
pub(super) fn name(deploy: &Deploy<'_>, app: &AppName, process: &ProcessType) -> String {
    format!("{}/{app}/{process}", deploy.endpoints.registry)
}

fn push(
    deploy: &Deploy<'_>,
    app: &AppName,
    way: &dyn Ship,
    built: &[Built],
) -> Result<Vec<Pushed>> {
    let topic = deploy
        .ui
        .topic(&format!("Pushing to {}", deploy.endpoints.registry));
    way.login(deploy)?;
    let mut pushed = Vec::new();
    for image in built {
        let digest = match known::look(deploy, app, image, pushed.is_empty())? {
            Some(digest) => digest,
            None => way.push(deploy, app, image)?,
        };
        pushed.push(check_pushed(deploy, app, image, digest)?);
    }
    topic.done();
    Ok(pushed)
}

/// Fetches back by digest what was pushed, and checks that a dyno can run it.
fn check_pushed(
    deploy: &Deploy<'_>,
    app: &AppName,
    built: &Built,
    digest: Digest,
) -> Result<Pushed> {
    let process = built.process.clone();
    let Some(registry) = deploy.registry else {
        let image_id = digest.clone();
        return Ok(Pushed {
            process,
            manifest: digest,
            image_id,
            layers: 0,
            bytes: 0,
        });
    };
    let repository = Repository {
        app: app.clone(),
        process: process.clone(),
    };
    let image = registry.fetch_back(&repository, &digest)?;
    for warning in check(&image)? {
        deploy.ui.note(&warning);
    }
    check_command(deploy, &process, &image)?;
    // The Heroku CLI builds once more, `FROM` the image: the layers are the same, the ID need not be.
    if deploy.plan.ship.route == Route::Docker {
        check_identity(built, &image)?;
    }
    deploy.ui.detail(&format!(
        "{process}: {} layer{}, {} compressed, image {}",
        image.layers,
        if image.layers == 1 { "" } else { "s" },
        human_bytes(image.compressed_bytes),
        short(&image.image_id)
    ));
    Ok(Pushed {
        process,
        manifest: digest,
        image_id: image.image_id,
        layers: image.layers,
        bytes: image.compressed_bytes,
    })
}

pub(super) fn check_command(
    deploy: &Deploy<'_>,
    process: &ProcessType,
    image: &PushedImage,
) -> Result<()> {
    let planned = deploy
        .plan
        .processes
        .get(process)
        .map(|process| process.command.cmd_words());
    // A Dockerfile of the project's own says itself what runs.
    if deploy.plan.dockerfile.is_some() || planned.as_ref() == Some(&image.cmd) {
        return Ok(());
    }
    Err(Error::user(
        "deploy/wrong-command",
        format!(
            "the image pushed for `{process}` starts {:?}, not what was planned",
            image.cmd
        ),
        "deploy again; somebody else may have pushed at the same moment",
    ))
}

/// Where the ID of what was built is known, what was pushed must have it.
fn check_identity(built: &Built, image: &PushedImage) -> Result<()> {
    let same = built.id.as_ref().is_none_or(|id| *id == image.image_id);
    if same {
        return Ok(());
    }
    Err(Error::transient(
        "deploy/other-image",
        format!(
            "what was pushed as `{}` is not what was built",
            built.process
        ),
        "deploy again; another build of a project of the same name ran at the same moment",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(c: char) -> Digest {
        format!("sha256:{}", c.to_string().repeat(64))
            .parse()
            .unwrap()
    }

    fn image(id: char) -> PushedImage {
        PushedImage {
            manifest: digest('0'),
            media_type: String::new(),
            image_id: digest(id),
            architecture: "amd64".to_owned(),
            os: "linux".to_owned(),
            layers: 1,
            compressed_bytes: 1,
            cmd: vec!["web".to_owned()],
            entrypoint: Vec::new(),
        }
    }

    #[test]
    fn what_was_pushed_must_be_what_was_built() {
        let built = Built {
            process: ProcessType::web(),
            tag: "nixdyno/app-web:latest".to_owned(),
            id: Some(digest('a')),
            pruned: crate::prune::Report::default(),
        };
        assert!(check_identity(&built, &image('a')).is_ok());
        insta::assert_snapshot!(check_identity(&built, &image('b')).unwrap_err());
    }
}
