//! Small projects in which one thing could mislead, and what is said of each.

use std::path::Path;

use crate::inspect::{Ask, Project, Verdict, inspect};
use crate::shell::Recorded;

/// The answer in a line: verdict, attribute, kind, program and arguments of the first.
fn answer(files: &[(&str, &str)], attribute: &str) -> String {
    let project = project(files, attribute);
    let first = project.candidates.first().unwrap();
    let verdict = format!("{:?}", project.verdict).to_lowercase();
    let last = first.attribute.names().last().cloned().unwrap_or_default();
    let program = first.program.name().unwrap_or("?");
    let words = [&verdict, &last, first.kind.name(), program];
    let mut line = words.map(str::to_owned).to_vec();
    line.extend(first.arguments.iter().cloned());
    line.retain(|word| !word.is_empty());
    line.join(" ")
}

fn project(files: &[(&str, &str)], attribute: &str) -> Project {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
        fs_err::write(path, text).unwrap();
    }
    let attribute = (!attribute.is_empty()).then(|| attribute.parse().unwrap());
    let ask = Ask {
        attribute,
        ..Ask::default()
    };
    inspect(dir.path(), &ask, &Recorded::new()).unwrap()
}

/// A flake with these packages; each is the text of a builder's call.
fn flake(packages: &[(&str, &str)]) -> String {
    let lines = packages
        .iter()
        .map(|(name, text)| format!("      {name} = {text};\n"));
    let lines: String = lines.collect();
    format!(
        "{{\n  outputs = {{ self, nixpkgs }}: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {{\n    packages.x86_64-linux = rec {{\n{lines}    }};\n  }};\n}}\n"
    )
}

fn go(name: &str, more: &str) -> String {
    format!(
        "pkgs.buildGoModule {{ pname = \"{name}\"; version = \"1\"; src = ./.; vendorHash = null; {more} }}"
    )
}

const MODULE: (&str, &str) = ("go.mod", "module example.org/gull\n\ngo 1.23\n");
const SERVER: &str = "package main\n\nimport (\"net/http\"; \"os\")\n\nfunc main() {\n\thttp.ListenAndServe(\":\"+os.Getenv(\"PORT\"), nil)\n}\n";
const TOOL: &str = "package main\n\nimport \"os\"\n\nfunc main() {\n\tprintln(len(os.Args))\n}\n";

#[test]
fn the_owners_web_outweighs_the_default() {
    let text = flake(&[
        (
            "default",
            "pkgs.buildNpmPackage { pname = \"pages\"; version = \"1\"; src = ./pages; }",
        ),
        ("api", &go("gull", "subPackages = [ \"cmd/gull-api\" ];")),
    ]);
    let files = [
        ("flake.nix", text.as_str()),
        (
            "pages/package.json",
            "{ \"name\": \"pages\", \"version\": \"1.0.0\", \"bin\": \"x.js\", \"dependencies\": { \"express\": \"4\" } }",
        ),
        MODULE,
        ("cmd/gull-api/main.go", SERVER),
        ("Procfile", "web: gull-api --quiet\n"),
    ];
    assert_eq!(answer(&files, ""), "deploy api server gull-api --quiet");
}

#[test]
fn a_merged_attribute_is_found_by_name() {
    let text = flake(&[
        ("server", &go("gull", "subPackages = [ \"cmd/gull\" ];")),
        ("default", "server"),
    ]);
    let files = [
        ("flake.nix", text.as_str()),
        MODULE,
        ("cmd/gull/main.go", SERVER),
    ];
    assert_eq!(answer(&files, ""), "deploy default server gull");
    assert_eq!(answer(&files, "server"), "deploy server server gull");
    assert_eq!(project(&files, "").candidates[0].also.len(), 1);
}

#[test]
fn documentation_never_comes_first() {
    let book = "pkgs.runCommand \"docs\" { } \"mdbook build\"";
    let script = "pkgs.writeShellScriptBin \"migrate\" \"exec true\"";
    let text = flake(&[("default", book), ("migrate", script)]);
    let found = project(&[("flake.nix", &text)], "");
    assert_eq!(
        found.candidates[0].attribute.names().last().unwrap(),
        "migrate"
    );
    let only = project(&[("flake.nix", &flake(&[("default", book)]))], "");
    assert_eq!(only.verdict, Verdict::Nothing);
    let asked = project(&[("flake.nix", &flake(&[("docs", book)]))], "docs");
    assert_eq!(asked.verdict, Verdict::Deploy);
}

#[test]
fn names_end_in_what_they_are() {
    for (name, kind) in [
        ("docs-api", "server"),
        ("book-catalog", "unknown"),
        ("api-client", "client"),
        ("mail-worker", "worker"),
        ("scoreboard", "unknown"),
    ] {
        let builder = format!(
            "pkgs.stdenv.mkDerivation {{ pname = \"{name}\"; version = \"1\"; meta.mainProgram = \"{name}\"; }}"
        );
        let text = flake(&[("it", &builder)]);
        let expected = format!("deploy it {kind} {name}");
        assert_eq!(answer(&[("flake.nix", &text)], ""), expected);
    }
}

#[test]
fn a_bot_that_fetches_pages_is_no_server() {
    let builder = "pkgs.python3Packages.buildPythonApplication { pname = \"crier\"; version = \"1\"; pyproject = true; src = ./.; }";
    let files = [
        ("flake.nix", flake(&[("default", builder)])),
        ("pyproject.toml", "[project]\nname = \"crier\"\nversion = \"1\"\ndependencies = [\"discord.py\", \"aiohttp\"]\n\n[project.scripts]\ncrier = \"crier:main\"\n".to_owned()),
        ("crier.py", "import discord\nimport aiohttp\n\n\ndef main():\n    client = discord.Client(intents=discord.Intents.default())\n    client.run(token())\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    assert_eq!(answer(&files, ""), "deploy default worker crier");
}

#[test]
fn one_of_two_programs_is_not_guessed() {
    let text = flake(&[("default", &go("gull", ""))]);
    let files = [
        ("flake.nix", text.as_str()),
        MODULE,
        ("cmd/upload/main.go", TOOL),
        ("cmd/uploader/main.go", TOOL),
    ];
    assert!(answer(&files, "").ends_with(" ?"), "{}", answer(&files, ""));
    let files = [
        ("flake.nix", text.as_str()),
        MODULE,
        ("cmd/post/main.go", TOOL),
        ("cmd/postd/main.go", SERVER),
    ];
    assert_eq!(answer(&files, ""), "deploy default server postd");
}

#[test]
fn a_phase_that_touches_one_program_hides_no_other() {
    let sources = [
        MODULE,
        ("cmd/gull-import/main.go", TOOL),
        ("cmd/gull-server/main.go", SERVER),
    ];
    let with = |more: &str| {
        let text = flake(&[("default", &go("gull", more))]);
        let mut files = vec![("flake.nix", text.as_str())];
        files.extend(sources);
        answer(&files, "")
    };
    let wrapped = "postInstall = \"wrapProgram $out/bin/gull-import --set A b\";";
    assert_eq!(with(wrapped), "deploy default server gull-server");
    let linked = "postInstall = \"ln -s $out/bin/gull-server $out/bin/gullctl\";";
    assert_eq!(with(linked), "deploy default server gull-server");
    let renamed = "postInstall = \"mv $out/bin/gull-server $out/bin/gull\";";
    assert_eq!(with(renamed), "deploy default server gull");
    let only = "subPackages = [ \"cmd/gull-import\" ];";
    assert!(with(only).ends_with(" gull-import"), "{}", with(only));
}

#[test]
fn a_service_of_another_package_says_nothing() {
    let module = |body: &str| format!("{{ config, pkgs, self, ... }}: {{ {body} }}\n");
    let with = |body: &str| {
        let text = flake(&[("default", &go("gull", ""))]).replace(
            "packages.x86_64-linux",
            "nixosModules.default = import ./module.nix;\n    packages.x86_64-linux",
        );
        let module = module(body);
        let files = [
            ("flake.nix", text.as_str()),
            ("module.nix", module.as_str()),
            MODULE,
            ("cmd/gull/main.go", TOOL),
        ];
        answer(&files, "")
    };
    let own = "systemd.services.gull.serviceConfig.ExecStart = \"${self.packages.x86_64-linux.default}/bin/gull watch\";";
    assert_eq!(with(own), "deploy default worker gull watch");
    let backup = "systemd.services.backup.serviceConfig.ExecStart = \"${pkgs.restic}/bin/restic backup /var\";";
    assert!(with(backup).ends_with(" gull"), "{}", with(backup));
    let once = format!("{own} systemd.services.gull.serviceConfig.Type = \"oneshot\";");
    assert!(with(&once).ends_with(" gull"), "{}", with(&once));
}

#[test]
fn a_service_starts_the_program_in_a_folder_of_its_package() {
    let folder = |body: &str| {
        let text = flake(&[("default", &go("gull", ""))]).replace(
            "packages.x86_64-linux",
            "nixosModules.default = import ./module.nix;\n    packages.x86_64-linux",
        );
        let module = format!(
            "{{ config, pkgs, ... }}: let cfg = config.services.gull; in {{ systemd.services = {{ {body} }}; }}\n"
        );
        let files = [
            ("flake.nix", text.as_str()),
            ("module.nix", module.as_str()),
            MODULE,
            ("cmd/gull/main.go", TOOL),
        ];
        let project = project(&files, "");
        let first = &project.candidates[0];
        let why = first.reasons.iter();
        let why = why.filter(|it| it.starts_with("started in")).cloned();
        (first.working_directory.clone(), why.collect::<Vec<_>>())
    };
    let service = |name: &str, place: &str| {
        format!(
            "{name}.serviceConfig = {{ ExecStart = \"${{cfg.package}}/bin/gull serve\"; WorkingDirectory = {place}; }};"
        )
    };
    let (found, why) = folder(&service("gull", "\"${cfg.package}/share/gull/\""));
    assert_eq!(found.as_deref(), Some(Path::new("share/gull")));
    assert_eq!(why, ["started in share/gull by the service `gull`"]);
    for other in [
        "\"/var/lib/gull\"",
        "\"${cfg.stateDir}/share\"",
        "\"${cfg.package}/../share\"",
        "\"${cfg.package}/share/%i\"",
        "\"${cfg.package}/${cfg.name}\"",
        "\"${cfg.package}/\"",
        "\"-${cfg.package}/share\"",
        "cfg.package",
    ] {
        assert_eq!(folder(&service("gull", other)).0, None, "{other}");
    }
    let apart = service("a", "\"${cfg.package}/a\"") + &service("b", "\"${cfg.package}/b\"");
    assert_eq!(folder(&apart).0, None);
}
