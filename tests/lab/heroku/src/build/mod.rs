//! Heroku's own builds: from a tarball to a release, by a plain `docker build`.
//!
//! Takes a build that was asked for; ends it, and publishes a release when every image was built and pushed. Builds as
//! Heroku is known to: without its newer builder, each Dockerfile with its own folder as the context.

mod manifest;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{sleep, timeout};

use crate::dyno::docker::REGISTRY;
use crate::dyno::release::publish;
use crate::lab::Lab;
use crate::model::build::Build;
use crate::model::output::Output;
use crate::model::release::Images;
use manifest::Manifest;

/// A checkout may not be larger.
const LARGEST: u64 = 1_000_000_000;
/// Heroku's own words for a project without a heroku.yml.
const NO_MANIFEST: &str = "Your app does not include a heroku.yml build manifest. To deploy your app, either create a \
    heroku.yml: https://devcenter.heroku.com/articles/build-docker-images-heroku-yml";

/// Builds, and releases what was built.
pub async fn carry_out(lab: Arc<Lab>, app: String, build: Build, file: PathBuf) {
    let output = Arc::clone(&build.output);
    output.start();
    let folder = lab.options.state.join(format!("build-{}", build.id));
    let mut stop = build.stop.subscribe();
    let limit = Duration::from_secs(lab.settings().build_limit_s);
    let outcome = tokio::select! {
        outcome = timeout(limit, images(&lab, &app, &build, &file, &folder)) => {
            outcome.unwrap_or_else(|_| Err("Build timed out".to_owned()))
        }
        _ = stop.wait_for(|stop| *stop) => Err("Build canceled".to_owned()),
    };
    // What is left behind is in the state directory, which goes with the lab.
    let _ = fs::remove_dir_all(&folder);
    if let Err(error) = &outcome {
        for line in error.lines() {
            output.write(format!(" !     {line}\n").as_bytes());
        }
    }
    output.close();
    // As with releases, the stream ends before anything is decided.
    sleep(Duration::from_millis(
        lab.settings().pending_after_stream_ms,
    ))
    .await;
    end(&lab, &app, &build, outcome.ok());
}

fn end(lab: &Arc<Lab>, app: &str, build: &Build, images: Option<Images>) {
    lab.with_app(app, |app| {
        let ended = app.builds.get_mut(&build.id);
        let ended = ended.is_some_and(|it| it.finish(images.is_some()));
        let Some(images) = images.filter(|_| ended) else {
            return;
        };
        let version: String = build.blob.version.clone().unwrap_or_default();
        let version: String = version.chars().take(8).collect();
        let release = publish(lab, app, format!("Deploy {version}"), images);
        if let Some(build) = app.builds.get_mut(&build.id) {
            build.release = Some(release.id);
        }
    });
}

/// Every process type with its image.
async fn images(
    lab: &Arc<Lab>,
    app: &str,
    build: &Build,
    file: &Path,
    folder: &Path,
) -> Result<Images, String> {
    let name = lab.with_app(app, |app| app.name.clone());
    let name = name.ok_or("the app is gone")?;
    let checksum = build.blob.checksum.clone();
    let (from, to) = (file.to_owned(), folder.to_owned());
    let unpacked = tokio::task::spawn_blocking(move || unpack(&from, checksum.as_deref(), &to));
    unpacked.await.map_err(|error| error.to_string())??;
    let text = fs::read_to_string(folder.join("heroku.yml")).map_err(|_| NO_MANIFEST)?;
    let manifest = Manifest::read(&text)?;
    let mut images = BTreeMap::new();
    for (kind, path) in &manifest.docker {
        build
            .output
            .write(format!("=== Building {kind} ({path})\n").as_bytes());
        let tag = format!("{REGISTRY}/{name}/{kind}");
        run(
            lab,
            &arguments(folder, path, &tag, &manifest),
            &build.output,
        )
        .await?;
        lab.docker.run(&["push", &tag]).await?;
        let id = lab
            .docker
            .run(&["inspect", "--format={{.Id}}", &tag])
            .await?;
        let image = lab.with_app(app, |app| app.pushed.get(kind)?.get(&id).cloned());
        let image = image
            .flatten()
            .ok_or(format!("{tag} was not pushed as {id}"))?;
        images.insert(kind.clone(), image);
    }
    manifest.images(&images)
}

/// Errors when it isn't what was sent, or not a checkout.
fn unpack(file: &Path, checksum: Option<&str>, folder: &Path) -> Result<(), String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    let digest = format!("SHA256:{:x}", Sha256::digest(&bytes));
    if checksum.is_some_and(|checksum| !checksum.eq_ignore_ascii_case(&digest)) {
        return Err("The checksum of the source doesn't match".to_owned());
    }
    fs::create_dir(folder).map_err(|error| error.to_string())?;
    let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
    let mut size = 0;
    for entry in archive.entries().map_err(|error| error.to_string())? {
        let mut entry = entry.map_err(|error| error.to_string())?;
        size += entry.size();
        if size > LARGEST {
            return Err("The source is larger than 1 GB".to_owned());
        }
        entry.unpack_in(folder).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn arguments(folder: &Path, path: &str, tag: &str, manifest: &Manifest) -> Vec<String> {
    let file = folder.join(path);
    let context = file.parent().unwrap_or(folder);
    let mut arguments = vec!["build".to_owned(), "--force-rm".to_owned()];
    arguments.extend(["--file".to_owned(), file.display().to_string()]);
    arguments.extend(["--tag".to_owned(), tag.to_owned()]);
    for (name, value) in &manifest.config {
        arguments.extend(["--build-arg".to_owned(), format!("{name}={value}")]);
    }
    arguments.push(context.display().to_string());
    arguments
}

/// Runs docker, whose words are the build's output.
async fn run(lab: &Lab, arguments: &[String], output: &Output) -> Result<(), String> {
    let mut command = lab.docker.command(arguments);
    command.env("DOCKER_BUILDKIT", "0");
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let ((), (), status) = tokio::join!(pump(out, output), pump(err, output), child.wait());
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("Build failed".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

async fn pump(pipe: Option<impl AsyncRead + Unpin>, output: &Output) {
    let Some(mut pipe) = pipe else { return };
    let mut buffer = vec![0; 8192];
    while let Ok(length @ 1..) = pipe.read(&mut buffer).await {
        output.write(buffer.get(..length).unwrap_or_default());
    }
}
