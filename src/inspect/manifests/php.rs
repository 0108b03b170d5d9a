//! composer.json: what a PHP project needs; its sources are run by PHP, not installed.
//!
//! Takes the file; gives programs only where `bin` names some.

use super::file::{File, Found};
use super::json::{Object, strings};

pub(super) fn read(file: &File<'_>) -> Option<Found> {
    let object = Object::of(file.text)?;
    let mut manifest = file.manifest();
    manifest.name = object.said(file, "name");
    // `php` and `ext-json` are parts of the interpreter; packages have a vendor in front.
    let packages = object.keys("require").filter(|name| name.contains('/'));
    manifest.dependencies = packages.cloned().collect();
    let bins = strings(object.get("bin")).into_iter();
    let names = bins.filter_map(|path| path.rsplit('/').next());
    let said = names.map(|name| file.said(name, object.at("bin")));
    manifest.programs = said.collect();
    let kind = object.get("type").and_then(|it| it.as_str());
    manifest.is_library = kind == Some("library") && manifest.programs.is_empty();
    Some(manifest.into())
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn packages_are_told_from_the_interpreters_parts() {
        let app = "{\n \"name\": \"marsh/households\",\n \"require\": {\"php\": \">=8.2\", \"ext-pdo\": \"*\", \"slim/slim\": \"4\"},\n \"bin\": [\"bin/households-import\"]\n}";
        assert_eq!(
            told(&[("composer.json", app)]),
            [
                "composer.json | name marsh/households@2 | programs households-import@4 | needs slim/slim"
            ]
        );
        assert_eq!(
            told(&[("composer.json", "{\"type\": \"library\"}")]),
            ["composer.json | library"]
        );
    }
}
