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
                dependency = Some(element.text.to_owned())
            }
            "project/dependencies/dependency/scope" if element.text == "test" => dependency = None,
            path if path.ends_with("/configuration/programs/program/id") => {
                manifest.programs.push(said())
            }
            _ => {}
        }
    }
    manifest.dependencies.extend(dependency);
    manifest.name.as_ref()?;
    Some(Found {
        manifest: Some(manifest),
        members,
    })
}
