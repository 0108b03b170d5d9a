//! What the reader follows, one small project for each way of writing.

mod services;

use super::*;

/// One line for each attribute: path, function, and what else is known.
fn shown(attributes: &[Attribute]) -> Vec<String> {
    let lines = attributes.iter().map(|it| {
        let name = it.path.names().last().cloned().unwrap_or_default();
        match &it.what {
            What::Package(package) => format!("{name} {}", told(package)),
            What::Outside(names) => format!("{name} outside {names}"),
            What::Unknown(because) => format!("{name} unknown: {because}"),
        }
    });
    lines.collect()
}

fn told(package: &Package) -> String {
    let mut line = package.function.clone();
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            line.extend([" ", key, "=", &value]);
        }
    };
    add("name", package.name.clone());
    add("program", package.program.clone().map(|(name, _)| name));
    let installs: Vec<_> = package
        .installs
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    add(
        "installs",
        (!installs.is_empty()).then(|| installs.join(",")),
    );
    add(
        "folder",
        package.folder.as_ref().map(|it| it.display().to_string()),
    );
    add(
        "command",
        package.command.clone().map(|(words, _)| words.join(" ")),
    );
    let contents: Vec<_> = package
        .contents
        .iter()
        .filter_map(|it| it.name.clone())
        .collect();
    add(
        "contents",
        (!contents.is_empty()).then(|| contents.join(",")),
    );
    line
}

/// The packages of a flake with these outputs, and other files beside it.
fn outputs(outputs: &str, files: &[(&str, &str)]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    let inputs = ["nixpkgs", "flake-parts", "blueprint", "systems"];
    let inputs = inputs
        .map(|name| format!("inputs.{name}.url = \"x\"; "))
        .concat();
    let text = format!("{{ {inputs} outputs = {outputs}; }}");
    shown(&flake(dir.path(), &text).unwrap().attributes)
}

/// The one package that an expression gives.
fn package(expression: &str, files: &[(&str, &str)]) -> String {
    let text =
        format!("{{ self, nixpkgs, pkgs, lib }}: {{ packages.x86_64-linux.a = {expression}; }}");
    outputs(&text, files)
        .join("\n")
        .trim_start_matches("a ")
        .to_owned()
}

/// Expressions, and the text that each gives.
const VALUES: &[(&str, &str)] = &[
    ("if { a = 1; } ? a then \"x\" else \"y\"", "x"),
    (
        "if 1 == 1 && !(2 < 1) || false -> true then \"x\" else \"y\"",
        "x",
    ),
    ("if pkgs.stdenv.isDarwin then \"mac\" else \"x\"", "x"),
    ("({ }.a or \"x\")", "x"),
    (
        "lib.concatStringsSep \"-\" (map (n: n + \"1\") [ \"a\" \"b\" ])",
        "a1-b1",
    ),
    (
        "builtins.head (builtins.filter (lib.hasSuffix \"b\") [ \"a\" \"ab\" ])",
        "ab",
    ),
    (
        "(builtins.listToAttrs [ (lib.nameValuePair \"k\" \"x\") ]).k",
        "x",
    ),
    ("lib.foldl' (a: b: a + b) \"\" [ \"x\" \"y\" ]", "xy"),
    ("builtins.elemAt (lib.splitString \"/\" \"a/b\") 1", "b"),
    ("lib.removeSuffix \".nix\" (baseNameOf ./x/web.nix)", "web"),
    ("lib.pipe \"a\" [ lib.toUpper (x: x + \"b\") ]", "Ab"),
    (
        "(lib.fix (self: { a = \"x\"; b = self.a + \"y\"; })).b",
        "xy",
    ),
    ("toString 3 + \"x\"", "3x"),
    (
        "lib.optionalString true \"x\" + lib.optionalString false \"y\"",
        "x",
    ),
    (
        "(lib.recursiveUpdate { a.b = \"x\"; } { a.c = \"y\"; }).a.b",
        "x",
    ),
    (
        "lib.concatStrings (lib.mapAttrsToList (n: v: n + v) { a = \"1\"; b = \"2\"; })",
        "a1b2",
    ),
    ("lib.flip (a: b: a + b) \"x\" \"y\"", "yx"),
    ("lib.throwIf false \"no\" (builtins.seq 1 \"x\")", "x"),
    ("builtins.replaceStrings [ \".\" ] [ \"-\" ] \"a.b\"", "a-b"),
];

#[test]
fn values_are_worked_out() {
    let name = |expression: &str| {
        package(
            &format!("pkgs.buildGoModule {{ pname = {expression}; }}"),
            &[],
        )
    };
    for (expression, expected) in VALUES {
        assert_eq!(
            name(expression),
            format!("buildGoModule name={expected}"),
            "{expression}"
        );
    }
    // What is not known is not guessed.
    for expression in [
        "if pkgs.x then \"x\" else \"y\"",
        "lib.head pkgs.names",
        "\"a${pkgs.hello}\"",
    ] {
        assert_eq!(name(expression), "buildGoModule", "{expression}");
    }
}

#[test]
fn files_of_the_project_are_read() {
    let manifest = (
        "Cargo.toml",
        "[package]\nname = \"tern\"\nversion = \"1.0.0\"\n",
    );
    let from_toml = "(builtins.fromTOML (builtins.readFile ./Cargo.toml)).package.name";
    for pname in [from_toml, "(lib.importTOML ./Cargo.toml).package.name"] {
        let text = format!("pkgs.buildGoModule {{ pname = {pname}; src = lib.cleanSource ./.; }}");
        assert_eq!(
            package(&text, &[manifest]),
            "buildGoModule name=tern folder="
        );
    }
    let json = (
        "package.json",
        "{ \"name\": \"gull\", \"n\": [1, null, true] }",
    );
    let text = "pkgs.buildGoModule { pname = (lib.importJSON ./package.json).name; }";
    assert_eq!(package(text, &[json]), "buildGoModule name=gull");
    let listed = "{ self, nixpkgs }: { packages.x86_64-linux = nixpkgs.lib.mapAttrs' (f: _: {
        name = nixpkgs.lib.removeSuffix \".nix\" f; value = import (./pkgs + \"/${f}\") { }; })
        (builtins.readDir ./pkgs); }";
    let one = "{ }: derivation { name = \"one\"; }";
    let files = [
        ("pkgs/one.nix", one),
        ("pkgs/two.nix", "{ }: derivation { name = \"two\"; }"),
    ];
    assert_eq!(
        outputs(listed, &files),
        ["one derivation name=one", "two derivation name=two"]
    );
}

#[test]
fn folders_of_sources_are_told() {
    for (source, folder) in [
        ("./web", "web"),
        ("self", ""),
        ("\"${self}/web\"", "web"),
        ("lib.cleanSourceWith { src = ./a; filter = f: true; }", "a"),
        (
            "lib.fileset.toSource { root = ./a/b; fileset = ./.; }",
            "a/b",
        ),
        ("builtins.path { path = ./c; name = \"x\"; }", "c"),
        ("inputs.nix-filter.lib.filter { root = ./d; }", "d"),
        ("pkgs.nix-gitignore.gitignoreSource ./e", "e"),
    ] {
        let text = format!("pkgs.buildNpmPackage {{ pname = \"a\"; src = {source}; }}");
        assert_eq!(
            package(&text, &[]),
            format!("buildNpmPackage name=a folder={folder}"),
            "{source}"
        );
    }
    let inside = "pkgs.buildGoModule { pname = \"a\"; src = ./x; modRoot = \"services/api\"; }";
    assert_eq!(
        package(inside, &[]),
        "buildGoModule name=a folder=x/services/api"
    );
    let member = [
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
        ("crates/web/Cargo.toml", "[package]\nname = \"tern-web\"\n"),
    ];
    let text =
        "craneLib.buildPackage { pname = \"a\"; src = ./.; cargoExtraArgs = \"-p tern-web\"; }";
    assert_eq!(
        package(text, &member),
        "buildPackage name=a folder=crates/web"
    );
}

/// Programs, whether they are all, what is gone, and other names of one package.
fn programs(expression: &str) -> String {
    let text = format!(
        "{{ inputs.nixpkgs.url = \"x\"; outputs = {{ self, nixpkgs, pkgs }}: {{ packages.x86_64-linux.a = {expression}; }}; }}"
    );
    let dir = tempfile::tempdir().unwrap();
    let found = flake(dir.path(), &text).unwrap().attributes;
    let [
        Attribute {
            what: What::Package(it),
            ..
        },
    ] = found.as_slice()
    else {
        panic!("{found:?}");
    };
    let installs: Vec<&str> = it.installs.iter().map(|(name, _)| name.as_str()).collect();
    let aliases: Vec<&str> = it.aliases.iter().map(|(name, _)| name.as_str()).collect();
    let all = if it.installs_all {
        "all of"
    } else {
        "at least"
    };
    let told = [
        installs,
        it.removed.iter().map(String::as_str).collect(),
        aliases,
    ];
    format!(
        "{all} {} -{} ={}",
        told[0].join(","),
        told[1].join(","),
        told[2].join(",")
    )
}

#[test]
fn a_complete_list_of_programs_is_told_from_additions() {
    for (text, expected) in [
        (
            "buildGoModule { subPackages = [ \"cmd/a\" \"cmd/b\" ]; }",
            "all of a,b - =",
        ),
        (
            "buildGoModule { subPackages = [ \".\" \"cmd/b\" ]; }",
            "at least b - =",
        ),
        (
            "buildGoModule { subPackages = [ \"cmd/...\" ]; }",
            "at least  - =",
        ),
        (
            "buildGoModule { subPackages = [ \"a\" ]; postInstall = \"wrapProgram $out/bin/a --set A b\"; }",
            "all of a - =",
        ),
        (
            "buildGoModule { subPackages = [ \"a\" ]; postInstall = \"cp scripts/* $out/bin\"; }",
            "at least a - =",
        ),
        (
            "buildGoModule { postInstall = \"wrapProgram $out/bin/a --set A b\"; }",
            "at least a - =",
        ),
        (
            "buildGoModule { postInstall = \"mv $out/bin/a $out/bin/b; ln -s $out/bin/b $out/bin/c\"; }",
            "at least b -a =c",
        ),
        (
            "buildGoModule { postFixup = \"rm $out/bin/gen\"; }",
            "at least  -gen =",
        ),
        (
            "mkDerivation { subPackages = [ \"a\" ]; }",
            "at least a - =",
        ),
        (
            "buildRustPackage { cargoBuildFlags = [ \"--bin\" \"a\" ]; }",
            "all of a - =",
        ),
        (
            "buildRustPackage { cargoBuildFlags = [ \"-p\" \"a\" ]; }",
            "at least  - =",
        ),
        (
            "buildDotnetModule { executables = [ \"A\" ]; }",
            "all of A - =",
        ),
        ("bundlerApp { exes = [ \"a\" ]; }", "all of a - ="),
        (
            "mkDerivation { installPhase = ''runHook preInstall\ninstall -D a $out/bin/a\nrunHook postInstall''; postFixup = ''wrapProgram $out/bin/a''; }",
            "all of a - =",
        ),
        (
            "mkDerivation { installPhase = ''make install PREFIX=$out''; }",
            "at least  - =",
        ),
        (
            "mkDerivation { installPhase = ''cp -r bin $out/\ncp x $out/bin/x''; }",
            "at least x - =",
        ),
        (
            "runCommand \"a\" { } ''install -D ${./x} $out/bin/y''",
            "all of y - =",
        ),
        (
            "(buildGoModule { subPackages = [ \"a\" ]; }).overrideAttrs { postInstall = \"ln -s a $out/bin/b\"; }",
            "all of a - =b",
        ),
        (
            "(buildGoModule { subPackages = [ \"a\" ]; }).overrideAttrs { subPackages = [ \"b\" ]; }",
            "at least a,b - =",
        ),
    ] {
        assert_eq!(
            programs(&format!("pkgs.{text}").replace("pkgs.(", "(pkgs.")),
            expected,
            "{text}"
        );
    }
}

#[test]
fn a_name_that_is_no_file_name_is_no_program() {
    for name in ["../web", "a/b", ".", "a\u{1b}[2Jb", "a\nb", ""] {
        for text in [
            format!("buildGoModule {{ meta.mainProgram = \"{name}\"; }}"),
            format!("writeShellScriptBin \"{name}\" \"x\""),
            format!("writeShellApplication {{ name = \"{name}\"; text = \"x\"; }}"),
            format!("buildGoModule {{ pname = \"{name}\"; }}"),
            format!("writeTextFile {{ destination = \"/bin/{name}\"; }}"),
        ] {
            let line = package(&format!("pkgs.{text}"), &[]);
            assert!(!line.contains('='), "{text:?}: {line:?}");
        }
    }
}

#[test]
fn builders_tell_their_programs() {
    for (text, expected) in [
        (
            "pkgs.buildGoModule { pname = \"a\"; subPackages = [ \"cmd/web\" \".\" ]; }",
            "buildGoModule name=a installs=web",
        ),
        (
            "pkgs.rustPlatform.buildRustPackage { pname = \"a\"; cargoBuildFlags = [ \"--bin\" \"w\" ]; }",
            "buildRustPackage name=a installs=w",
        ),
        (
            "pkgs.buildGoModule { pname = \"a\"; postInstall = ''\nmv $out/bin/a $out/bin/b\n''; }",
            "buildGoModule name=a installs=b",
        ),
        (
            "pkgs.buildDotnetModule { pname = \"a\"; executables = [ \"A.Web\" ]; }",
            "buildDotnetModule name=a installs=A.Web",
        ),
        (
            "pkgs.dockerTools.buildImage { name = \"i\"; config.Cmd = [ \"${pkgs.writeShellScriptBin \"w\" \"\"}/bin/w\" \"go\" ]; }",
            "buildImage name=i command=w go contents=w",
        ),
        (
            "pkgs.writeShellApplication { name = \"run\"; text = ''\nset -e\nexec ${pkgs.nginx}/bin/nginx -g off \"$@\"\n''; }",
            "writeShellApplication name=run program=run command=nginx -g off",
        ),
        (
            "(pkgs.buildGoModule { pname = \"a\"; }).overrideAttrs (old: { pname = \"b\"; })",
            "buildGoModule name=b",
        ),
        (
            "pkgs.runCommand \"site\" { } ''install -Dm755 ${./x} $out/bin/y''",
            "runCommand name=site installs=y",
        ),
        (
            "pkgs.pkgsCross.aarch64-multiplatform.callPackage ({ mkDerivation }: mkDerivation { name = \"a\"; }) { }",
            "pkgsCross.mkDerivation name=a",
        ),
        (
            "(pkgs.callPackage naersk { }).buildPackage ./web",
            "buildPackage folder=web",
        ),
        (
            "(pkgs.php.withExtensions (e: [ ])).buildComposerProject2 { pname = \"a\"; }",
            "buildComposerProject2 name=a",
        ),
        (
            "(pkgs.buildGoModule.override { go = pkgs.go; }) { pname = \"a\"; }",
            "buildGoModule name=a",
        ),
    ] {
        assert_eq!(package(text, &[]), expected, "{text}");
    }
}

#[test]
fn overlays_and_scopes_are_followed() {
    let own = "final: prev: { tern = final.callPackage ./tern.nix { }; gull = final.tern; }";
    let file = [(
        "tern.nix",
        "{ lib, buildGoModule, helper ? null }: buildGoModule { pname = \"tern\"; }",
    )];
    let overlaid = format!(
        "{{ self, nixpkgs }}: let pkgs = import nixpkgs {{ system = \"x86_64-linux\"; overlays = [ other.overlay self.overlays.default ]; }}; in
         {{ overlays.default = {own}; packages.x86_64-linux = {{ inherit (pkgs) tern hello; default = with pkgs; gull; }}; }}"
    );
    let expected = [
        "default buildGoModule name=tern",
        "hello outside nixpkgs.hello",
        "tern buildGoModule name=tern",
    ];
    assert_eq!(outputs(&overlaid, &file), expected);
    let extended = format!("(pkgs.extend ({own})).gull");
    assert_eq!(package(&extended, &file), "buildGoModule name=tern");
    let haskell = "(pkgs.haskellPackages.override { overrides = self: super: { a = self.callCabal2nix \"a\" ./h { }; }; }).a";
    assert_eq!(package(haskell, &[]), "callCabal2nix name=a folder=h");
    let scope = "(lib.makeScope pkgs.newScope (self: { a = self.callPackage ({ b }: b) { }; b = derivation { name = \"b\"; }; })).a";
    assert_eq!(package(scope, &[]), "derivation name=b");
}

#[test]
fn libraries_are_followed() {
    let parts = "inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
        imports = [ ./nix ] ++ map (n: ./mods + \"/${n}\") (builtins.attrNames (builtins.readDir ./mods));
        systems = import inputs.systems;
        perSystem = { pkgs, config, self', ... }: { _module.args.pkgs = import inputs.nixpkgs { overlays = [ (f: p: { own = p.buildGoModule { pname = \"own\"; }; }) ]; };
            packages.default = self'.packages.web; packages.own = pkgs.own; }; }";
    let files = [
        (
            "nix/default.nix",
            "{ perSystem = { pkgs, ... }: { packages.web = pkgs.buildGoModule { pname = \"web\"; }; }; }",
        ),
        (
            "mods/m.nix",
            "{ self, lib, ... }: { perSystem = { config, ... }: { packages.again = config.packages.web; }; }",
        ),
    ];
    let web = "buildGoModule name=web";
    assert_eq!(
        outputs(parts, &files),
        [
            format!("again {web}"),
            format!("default {web}"),
            "own buildGoModule name=own".to_owned(),
            format!("web {web}")
        ]
    );
    let by_hand = "{ self, nixpkgs }: let each = f: nixpkgs.lib.genAttrs nixpkgs.lib.systems.flakeExposed (s: f (import nixpkgs { system = s; }));
        in { packages = each (pkgs: { default = pkgs.buildGoModule { pname = \"a\"; }; }); }";
    assert_eq!(outputs(by_hand, &[]), ["default buildGoModule name=a"]);
    let other = "{ self, snowfall-lib }: snowfall-lib.mkFlake { inherit inputs; src = ./.; }";
    assert_eq!(outputs(other, &[]), Vec::<String>::new());
}

#[test]
fn blueprint_is_read_from_its_folders() {
    let files = [
        (
            "nix/packages/web.nix",
            "{ pkgs, pname, ... }: pkgs.buildGoModule { inherit pname; src = ../..; }",
        ),
        (
            "nix/packages/job/default.nix",
            "{ perSystem, ... }: perSystem.self.web",
        ),
        ("nix/package.nix", "{ perSystem, ... }: perSystem.self.job"),
    ];
    let outputs = outputs(
        "inputs: inputs.blueprint { inherit inputs; prefix = ./nix; }",
        &files,
    );
    let web = "buildGoModule name=web folder=";
    assert_eq!(
        outputs,
        ["default", "job", "web"].map(|name| format!("{name} {web}"))
    );
}

#[test]
fn services_apps_inputs_and_settings_are_listed() {
    let text = "{
      nixConfig.extra-substituters = [ \"https://cache.example.org\" ];
      inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-25.05\";
      inputs.a = { type = \"github\"; owner = \"o\"; repo = \"r\"; ref = \"v1\"; };
      inputs.b.follows = \"a\";
      outputs = { self, nixpkgs, a, b, c }: {
        packages.x86_64-linux.default = nixpkgs.buildGoModule { pname = \"web\"; };
        apps.x86_64-linux.default = { type = \"app\"; program = \"${self.packages.x86_64-linux.default}/bin/webd\"; };
        nixosModules.default = { config, lib, pkgs, ... }: let cfg = config.services.web; in {
          config = lib.mkIf cfg.enable { systemd.services.web = lib.mkMerge [ {
            serviceConfig = { ExecStart = \"${cfg.package}/bin/webd serve --port ${toString cfg.port}\"; WorkingDirectory = \"${cfg.package}/share/web\"; };
          } ]; };
        };
      };
    }";
    let reading = flake(Path::new("/nonexistent"), text).unwrap();
    let app = reading.apps.first().unwrap();
    assert_eq!(
        (app.name.as_str(), app.program.as_deref()),
        ("default", Some("webd"))
    );
    let service = reading.services.first().unwrap();
    assert_eq!(service.program, "webd");
    assert_eq!(service.arguments, ["serve"]);
    assert_eq!(service.folder.as_deref(), Some(Path::new("share/web")));
    let inputs = reading.declared.iter();
    let inputs: Vec<_> = inputs
        .map(|it| (it.name.as_str(), it.url.as_deref(), it.follows))
        .collect();
    let expected = [
        ("a", Some("github:o/r/v1"), false),
        ("b", None, true),
        ("c", None, false),
        ("nixpkgs", Some("github:NixOS/nixpkgs/nixos-25.05"), false),
    ];
    assert_eq!(inputs, expected);
    let (setting, words, place) = reading.nix_config.first().unwrap();
    assert_eq!(
        (setting.as_str(), words.join(" "), place.line),
        (
            "extra-substituters",
            "https://cache.example.org".to_owned(),
            2
        )
    );
}

#[test]
fn files_that_import_each_other_end() {
    let files = [("a.nix", "import ./b.nix"), ("b.nix", "import ./a.nix")];
    assert_eq!(
        package("import ./a.nix", &files),
        "unknown: its value needs itself"
    );
    assert_eq!(
        package("import ../x.nix", &[]),
        "unknown: `../x.nix` is outside the project"
    );
}

#[cfg(unix)]
#[test]
fn links_out_of_the_project_are_not_followed() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs_err::write(other.path().join("x.nix"), "derivation { name = \"x\"; }").unwrap();
    fs_err::os::unix::fs::symlink(other.path().join("x.nix"), dir.path().join("x.nix")).unwrap();
    fs_err::os::unix::fs::symlink("loop", dir.path().join("loop")).unwrap();
    let text = "{ outputs = { self }: { packages.x86_64-linux = { a = import ./x.nix; b = import ./loop; }; }; }";
    let shown = shown(&flake(dir.path(), text).unwrap().attributes);
    assert_eq!(
        shown,
        [
            "a unknown: `x.nix` leads out of the project",
            "b unknown: `loop` does not exist"
        ]
    );
}

#[test]
fn work_without_end_is_cut_off() {
    let many = "a ".repeat(20_000);
    for text in [
        format!("let l = [ {many} ]; f = x: lib.elem 1 l; in map f (lib.concatMap (x: l) l)"),
        format!("let l = [ {many} ]; m = map (x: l) l; n = map (x: m) m; in if n == n then 1 else 2"),
        "let f = n: { a = f (n + 1); b = f (n + 2); } // f (n + 3); in f 0".to_owned(),
        "let d = p: pkgs.symlinkJoin { name = \"x\"; paths = [ p (p // { meta.mainProgram = \"y\"; }) ]; };
         g = lib.foldl' (a: b: d a) (derivation { name = \"z\"; }) (lib.range 1 60); in g".to_owned(),
        "let t = lib.foldl' (a: b: a + a) \"x\" (lib.range 1 90); in builtins.fromJSON t".to_owned(),
        "lib.foldr (a: b: { inherit a b; }) { } (lib.range 1 900)".to_owned(),
    ] {
        classic(Path::new("/nonexistent"), &NixFile::default(), &text, &[]).unwrap();
    }
}
