//! pom.xml: the artifact, its dependencies, modules, and programs of the appassembler plugin.
//!
//! Takes the file; gives no program for a plain jar: nothing in `bin` comes of it.

use super::file::{File, Found};
use super::xml;

pub(super) fn read(file: &File<'_>) -> Option<Found> {
    let mut manifest = file.manifest();
    let mut members = Vec::new();
    let mut dependency = None;
    for element in xml::elements(file.text) {
        let said = || file.said(element.text, element.at);
        match element.path.as_str() {
            "project/artifactId" => manifest.name = Some(said()),
            // Spring Boot's starters come by their parent.
            "project/parent/artifactId" => manifest.dependencies.push(element.text.to_owned()),
            "project/modules/module" => members.push(element.text.to_owned()),
            "project/dependencies/dependency" => manifest.dependencies.extend(dependency.take()),
            "project/dependencies/dependency/artifactId" => {
                dependency = Some(element.text.to_owned());
            }
            "project/dependencies/dependency/scope" if element.text == "test" => dependency = None,
            path if path.ends_with("/configuration/programs/program/id") => {
                manifest.programs.push(said());
            }
            _ => {}
        }
    }
    manifest.dependencies.extend(dependency);
    manifest.name.as_ref().filter(|it| !it.value.is_empty())?;
    Some(Found {
        manifest: Some(manifest),
        members,
    })
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn the_artifact_is_the_projects_own() {
        let text = "<?xml version=\"1.0\"?>\n<project xmlns=\"x\">\n <parent><artifactId>spring-boot-starter-parent</artifactId></parent>\n <!-- <artifactId>no</artifactId> -->\n <artifactId>tide-table</artifactId>\n <dependencies>\n  <dependency><artifactId>spring-boot-starter-web</artifactId></dependency>\n  <dependency><artifactId>junit</artifactId><scope>test</scope></dependency>\n </dependencies>\n <build><plugins><plugin>\n  <artifactId>appassembler-maven-plugin</artifactId>\n  <configuration><programs><program><mainClass>x.Main</mainClass><id>tided</id></program></programs></configuration>\n </plugin></plugins></build>\n</project>\n";
        assert_eq!(
            told(&[("pom.xml", text)]),
            ["pom.xml | name tide-table@5 | programs tided@12 \
              | needs spring-boot-starter-parent spring-boot-starter-web"]
        );
    }

    #[test]
    fn modules_are_followed() {
        let root = "<project><artifactId>all</artifactId><modules><module>web</module></modules></project>";
        assert_eq!(
            told(&[
                ("pom.xml", root),
                (
                    "web/pom.xml",
                    "<project>\n<artifactId>web</artifactId></project>"
                )
            ]),
            ["pom.xml | name all@1", "web/pom.xml | name web@2"]
        );
    }
}
