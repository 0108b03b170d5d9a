//! heroku.yml, as far as a build follows it.
//!
//! Takes the text, gives what is built and what of it runs. Reads by another reader than nixdyno does, so that a mistake
//! there is seen here. Never passes over an image that nothing builds.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::image::Image;
use crate::model::release::{Images, RELEASE_TYPE};

/// What a build needs of a heroku.yml.
#[derive(Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The Dockerfile of each image.
    pub docker: BTreeMap<String, String>,
    /// Arguments of the build.
    pub config: BTreeMap<String, String>,
    run: BTreeMap<String, Run>,
    release: Option<Run>,
}

#[derive(Debug, Deserialize)]
struct File {
    build: Option<Build>,
    release: Option<Long>,
    run: Option<BTreeMap<String, Entry>>,
}

#[derive(Debug, Deserialize)]
struct Build {
    docker: Option<BTreeMap<String, String>>,
    config: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Line(String),
    Long(Long),
}

#[derive(Debug, Deserialize)]
struct Long {
    command: Command,
    image: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Command {
    Line(String),
    List(Vec<String>),
}

#[derive(Debug, PartialEq, Eq)]
struct Run {
    line: String,
    image: Option<String>,
}

impl Run {
    fn of(entry: Entry) -> Result<Self, String> {
        let (command, image) = match entry {
            Entry::Line(line) => (Command::Line(line), None),
            Entry::Long(long) => (long.command, long.image),
        };
        let line = match command {
            Command::Line(line) => line,
            // What several mean isn't documented.
            Command::List(lines) => match <[String; 1]>::try_from(lines) {
                Ok([line]) => line,
                Err(lines) => return Err(format!("a command of {} lines", lines.len())),
            },
        };
        Ok(Self { line, image })
    }
}

impl Manifest {
    /// Reads one.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File =
            serde_yaml_ng::from_str(text).map_err(|error| format!("heroku.yml: {error}"))?;
        let build = file.build.ok_or("heroku.yml has no `build`")?;
        let docker = build.docker.filter(|docker| !docker.is_empty());
        let run = file.run.unwrap_or_default().into_iter();
        let run = run.map(|(kind, entry)| Ok((kind, Run::of(entry)?)));
        Ok(Self {
            docker: docker.ok_or("heroku.yml has no `build.docker`")?,
            config: build.config.unwrap_or_default(),
            run: run.collect::<Result<_, String>>()?,
            release: file
                .release
                .map(|long| Run::of(Entry::Long(long)))
                .transpose()?,
        })
    }

    /// The image of every process type, by the images that were built.
    pub fn images(&self, built: &Images) -> Result<Images, String> {
        let mut images = built.clone();
        for (kind, run) in &self.run {
            let image = find(built, run.image.as_ref().unwrap_or(kind))?;
            images.insert(kind.clone(), with_line(image, &run.line));
        }
        if let Some(run) = &self.release {
            let name = run.image.as_ref().ok_or("`release` has no image")?;
            let image = with_line(find(built, name)?, &run.line);
            images.insert(RELEASE_TYPE.to_owned(), image);
        }
        Ok(images)
    }
}

fn find<'a>(built: &'a Images, name: &str) -> Result<&'a Image, String> {
    built
        .get(name)
        .ok_or(format!("nothing builds the image {name}"))
}

/// The image with another command, which a shell reads.
fn with_line(image: &Image, line: &str) -> Image {
    Image {
        command: ["/bin/sh", "-c", line].map(str::to_owned).to_vec(),
        ..image.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built() -> Images {
        let image = Image {
            repository: "app/web".into(),
            config_digest: "sha256:c".into(),
            manifest_digest: "sha256:m".into(),
            architecture: "amd64".into(),
            layers: 1,
            entrypoint: vec![],
            command: vec!["serve".into()],
        };
        Images::from([("web".to_owned(), image)])
    }

    #[test]
    fn commands_replace_cmd_and_others_run_in_an_image_that_was_built() {
        let text = "build:\n  docker:\n    web: Dockerfile\n  config:\n    A: b\nrelease:\n  image: web\n  command:\n    - migrate\nrun:\n  worker:\n    command:\n      - work $X\n    image: web\n";
        let manifest = Manifest::read(text).unwrap();
        assert_eq!(manifest.config["A"], "b");
        let images = manifest.images(&built()).unwrap();
        let command = |kind: &str| images[kind].command.join(" ");
        assert_eq!(command("web"), "serve");
        assert_eq!(command("worker"), "/bin/sh -c work $X");
        assert_eq!(command("release"), "/bin/sh -c migrate");
    }

    #[test]
    fn mistakes_are_refused() {
        for text in [
            "",
            "build: {}",
            "build:\n  docker: {}",
            "build:\n  docker:\n    web: Dockerfile\nrun:\n  web:\n    command: [a, b]",
        ] {
            assert!(Manifest::read(text).is_err(), "{text}");
        }
        for text in [
            "build:\n  docker:\n    web: Dockerfile\nrun:\n  worker: work",
            "build:\n  docker:\n    web: Dockerfile\nrelease:\n  command: migrate",
        ] {
            assert!(
                Manifest::read(text).unwrap().images(&built()).is_err(),
                "{text}"
            );
        }
    }
}
