//! Projects of C#, F# and Visual Basic, and the solutions that hold them.
//!
//! Takes the file; gives the assembly's name as program where the SDK makes one. Never reads
//! Directory.Build.props: what stands only there is not known.

use super::file::{File, Found, lines};
use super::scan;
use super::xml::{self, Element};

/// What an SDK makes when `OutputType` says nothing.
enum Makes {
    Program,
    Site,
}

/// One row is one SDK; every other makes a library.
const SDKS: &[(&str, Makes)] = &[
    ("Microsoft.NET.Sdk.Web", Makes::Program),
    ("Microsoft.NET.Sdk.Worker", Makes::Program),
    ("Microsoft.NET.Sdk.BlazorWebAssembly", Makes::Site),
];

pub(super) fn project(file: &File<'_>) -> Option<Found> {
    let elements = xml::elements(file.text);
    let root = elements.first().filter(|it| it.path == "Project")?;
    let mut manifest = file.manifest();
    let sdk = root
        .attribute("Sdk")
        .map(|sdk| sdk.split('/').next().unwrap_or(sdk));
    let property = |name: &str| {
        elements
            .iter()
            .rev()
            .find(|it| it.name() == name && !it.text.is_empty())
    };
    let assembly = match property("AssemblyName") {
        Some(it) => expanded(it.text, file.stem()).map(|name| file.said(name, it.at)),
        None => file.stem().map(|stem| file.said(stem, root.at)),
    };
    let references = ["PackageReference", "FrameworkReference"];
    let includes = elements.iter().filter(|it| references.contains(&it.name()));
    let names = includes.filter_map(|it| it.attribute("Include"));
    manifest.dependencies = names
        .chain(sdk.filter(|it| *it != "Microsoft.NET.Sdk"))
        .map(str::to_owned)
        .collect();
    manifest.name.clone_from(&assembly);
    let row = SDKS.iter().find(|(name, _)| Some(*name) == sdk);
    let program = match property("OutputType").map(|it| it.text.to_ascii_lowercase()) {
        Some(kind) => kind == "exe" || kind == "winexe",
        None => matches!(row, Some((_, Makes::Program))),
    };
    if matches!(row, Some((_, Makes::Site))) {
        manifest.builds_site = sdk.map(|sdk| file.said(sdk, root.at));
    } else if program && !is_test(&elements) {
        manifest.programs = assembly.into_iter().collect();
    }
    manifest.is_library =
        manifest.programs.is_empty() && manifest.builds_site.is_none() && !program;
    Some(manifest.into())
}

/// Its program runs the tests.
fn is_test(elements: &[Element<'_>]) -> bool {
    elements.iter().any(|it| {
        it.attribute("Include") == Some("Microsoft.NET.Test.Sdk")
            || (it.name() == "IsTestProject" && it.text.eq_ignore_ascii_case("true"))
    })
}

/// A name with the one variable that is known here.
fn expanded(name: &str, stem: Option<&str>) -> Option<String> {
    let name = name.replace("$(MSBuildProjectName)", stem?);
    (!name.contains("$(")).then_some(name)
}

/// A solution, old or new: each string in it that names a project file.
pub(super) fn solution(file: &File<'_>) -> Option<Found> {
    let mut members = Vec::new();
    for (_, line) in lines(file.text) {
        let paths = scan::strings(line).map(|(_, path)| path.replace('\\', "/"));
        let ends = [".csproj", ".fsproj", ".vbproj"];
        let projects = paths.filter(|path| ends.iter().any(|end| path.ends_with(end)));
        members.extend(projects.map(|path| match path.rsplit_once('/') {
            Some((folder, _)) => folder.to_owned(),
            None => ".".to_owned(),
        }));
    }
    Some(Found {
        manifest: None,
        members,
    })
}

#[cfg(test)]
mod tests {
    use crate::inspect::manifests::tests::told;

    #[test]
    fn the_assembly_has_a_name_of_its_own() {
        let web = "<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n  <!-- <AssemblyName>old</AssemblyName> -->\n  <PropertyGroup>\n    <AssemblyName>quill-api</AssemblyName>\n  </PropertyGroup>\n  <ItemGroup>\n    <PackageReference Include='Markdig' Version=\"0.4\" />\n  </ItemGroup>\n</Project>";
        assert_eq!(
            told(&[("Quill.Web.csproj", web)]),
            [
                "Quill.Web.csproj | name quill-api@4 | programs quill-api@4 | needs Markdig Microsoft.NET.Sdk.Web"
            ]
        );
    }

    #[test]
    fn what_it_makes_depends_on_sdk_and_output_type() {
        let plain = "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>";
        assert_eq!(
            told(&[("Import.Tool.fsproj", plain)]),
            ["Import.Tool.fsproj | name Import.Tool@1 | programs Import.Tool@1"]
        );
        let library = "<Project Sdk=\"Microsoft.NET.Sdk\"></Project>";
        assert_eq!(
            told(&[("Core.csproj", library)]),
            ["Core.csproj | name Core@1 | library"]
        );
        let site = "<Project Sdk=\"Microsoft.NET.Sdk.BlazorWebAssembly\" />";
        assert_eq!(
            told(&[("Ui.csproj", site)]),
            [
                "Ui.csproj | name Ui@1 | site Microsoft.NET.Sdk.BlazorWebAssembly@1 | needs Microsoft.NET.Sdk.BlazorWebAssembly"
            ]
        );
        let computed = "<Project Sdk=\"Microsoft.NET.Sdk.Worker\"><AssemblyName>$(Prefix).Jobs</AssemblyName></Project>";
        assert_eq!(
            told(&[("Jobs.csproj", computed)]),
            ["Jobs.csproj | needs Microsoft.NET.Sdk.Worker"]
        );
    }

    #[test]
    fn a_solution_names_projects() {
        let solution =
            "Project(\"{FAE0}\") = \"Web\", \"src\\Web\\Web.csproj\", \"{1}\"\nEndProject\n";
        let project = "<Project Sdk=\"Microsoft.NET.Sdk.Web\"/>";
        assert_eq!(
            told(&[
                ("All.sln", solution),
                ("src/Web/Web.csproj", project),
                ("src/Old/Old.csproj", project)
            ]),
            ["src/Web/Web.csproj | name Web@1 | programs Web@1 | needs Microsoft.NET.Sdk.Web"]
        );
    }
}
