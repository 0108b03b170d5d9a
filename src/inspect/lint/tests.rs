use super::super::project::NeedId;
use super::*;
use proptest::prelude::*;

/// Everything that is seen in a text, one finding after another.
fn shown(nix: &str) -> String {
    let found = seen(nix);
    let place = |source: &Source| match source {
        Source::File {
            line: Some(line), ..
        } => line.to_string(),
        other => other.to_string(),
    };
    let pins = found.pins.iter().map(|it| {
        let hash = it.nar_hash.as_deref().unwrap_or("-");
        let revision = it.revision.as_deref().unwrap_or("-");
        format!(
            "{}: pin {} {} {revision} {hash}",
            place(&it.source),
            it.name,
            it.kind
        )
    });
    let needs = found.needs.iter().map(|it| {
        let line = it.source.as_ref().map_or_else(String::new, place);
        format!("{line}: need {:?}\n  {}\n  do: {}", it.id, it.what, it.todo)
    });
    let warnings = found.warnings.iter().map(|it| {
        let line = it.source.as_ref().map_or_else(String::new, place);
        format!("{line}: [{}]\n  {}\n  do: {}", it.id, it.what, it.todo)
    });
    pins.chain(needs)
        .chain(warnings)
        .collect::<Vec<_>>()
        .join("\n")
}

fn seen(text: &str) -> Lint {
    let path = Path::new("default.nix");
    let expr = rnix::Root::parse(text).ok().unwrap().expr().unwrap();
    lint(&[Parsed { path, text, expr }])
}

fn ids(text: &str) -> Vec<String> {
    seen(text).warnings.into_iter().map(|it| it.id).collect()
}

const REVISION: &str = "1f2e3d4c5b6a79880123456789abcdef01234567";

#[test]
fn sources_of_nixpkgs_are_pins() {
    let text = r#"
let
  rev = "1f2e3d4c5b6a79880123456789abcdef01234567";
  nixpkgs = fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/${rev}.tar.gz";
    sha256 = "sha256-q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
  };
  inline = import (builtins.fetchTarball https://github.com/NixOS/nixpkgs/archive/1f2e3d4c5b6a79880123456789abcdef01234567.tar.gz) { };
  tools = builtins.fetchGit { url = "https://git.example.org/tools"; rev = "1f2e3d4c5b6a79880123456789abcdef01234567"; };
  release = fetchTarball "https://releases.nixos.org/nixos/25.05/nixos-25.05.1/nixexprs.tar.xz";
  overlay = inline.fetchFromGitHub { owner = "acme"; repo = "overlay"; inherit rev; hash = "sha256-q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="; };
in
{ elsewhere ? fetchTarball { url = (import ./pin.nix).url; sha256 = (import ./pin.nix).hash; } }:
inline.mkDerivation {
  src = fetchTarball { url = "https://example.org/app.tar.gz"; sha256 = ""; };
  passthru.other = inline.fetchFromGitHub { owner = "acme"; repo = "data"; rev = "v1"; };
  nested = import "${overlay}/default.nix";
}"#;
    let found = seen(text);
    let plain: Vec<_> = found
        .pins
        .iter()
        .map(|it| {
            (
                it.name.as_str(),
                it.kind.as_str(),
                it.revision.as_deref(),
                it.nar_hash.is_some(),
            )
        })
        .collect();
    let revision = Some(REVISION);
    assert_eq!(
        plain,
        [
            ("elsewhere", "tarball", None, false),
            ("nixpkgs", "tarball", revision, true),
            ("nixpkgs", "tarball", revision, false),
            ("overlay", "github", revision, true),
            ("release", "tarball", None, false),
            ("tools", "git", revision, false),
        ]
    );
    assert_eq!(found.pins[1].source, Source::file("default.nix", 4));
}

#[test]
fn what_nothing_pins_is_told_with_the_line_that_does() {
    let texts = [
        r#"let nixpkgs = fetchTarball "https://nixos.org/channels/nixos-25.05/nixexprs.tar.xz"; in nixpkgs"#,
        r#"import (builtins.fetchTarball "https://github.com/NixOS/nixpkgs/archive/nixos-unstable.tar.gz") { }"#,
        r#"{ pkgs ? import (fetchTarball "channel:nixos-24.11") { } }: pkgs"#,
        r#"import (fetchTarball { url = "https://github.com/acme/tools/archive/refs/heads/main.tar.gz"; }) { }"#,
        r#"let tools = builtins.fetchGit { url = "https://example.org/tools.git"; ref = "main"; }; in tools"#,
        r#"let tools = builtins.fetchGit "https://gitlab.com/acme/tools.git"; in tools"#,
    ];
    insta::assert_snapshot!(texts.map(shown).join("\n"));
}

#[test]
fn what_a_template_left_open_is_shown() {
    let text = r#"{ lib, pkgs }: {
  pname = "<your app>";
  url = "https://github.com/<owner>/<repo>";
  version = "TODO";
  rev = "0000000000000000000000000000000000000000";
  hash = lib.fakeHash;
  vendorHash = pkgs.lib.fakeSha256;
  cargoHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  sha256 = "";
  npmDepsHash = "sha256-<hash>";
  description = "<description>";
}"#;
    insta::assert_snapshot!(shown(text));
}

#[test]
fn texts_of_their_own_are_no_placeholders() {
    let text = r#"{ lib }: {
  nixpkgs = <nixpkgs>;
  inherit (lib) fakeHash;
  postInstall = ''
    sed 's/<b>//' TODO.html; cat <in >out
  '';
  description = "turns <b> into bold, TODO lists into done ones";
  ref = "main";
  name = "a < b";
  hash = "sha256-q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
  vendorHash = null;
}"#;
    assert_eq!(ids(text), [""; 0]);
}

#[test]
fn names_that_are_gone_are_shown_with_what_replaced_them() {
    let text = r"{ pkgs, crane, stdenv, system, nodejs-16_x }: let
  inherit (stdenv) lib;
  craneLib = crane.lib.${system};
in pkgs.buildGoPackage {
  vendorSha256 = null;
  nativeBuildInputs = with pkgs; [ pkgconfig pkgs.utillinux ];
  meta.license = pkgs.stdenv.lib.licenses.mit;
}";
    insta::assert_snapshot!(shown(text));
    let fine = "{ pkgs, crane }: let utillinux = pkgs.util-linux; lib = crane.mkLib pkgs; in \
                [ utillinux lib pkgs.lib.id pkgs.stdenv.mkDerivation crane.lib ]";
    assert_eq!(ids(fine), [""; 0]);
}

#[test]
fn an_old_nixpkgs_still_has_them() {
    let gone = |branch: &str| {
        let mut found =
            seen("{ stdenv, pkgconfig, crane, s }: [ pkgconfig stdenv.lib crane.lib.${s} ]");
        if let Some(release) = release_of(branch) {
            found.built_with(release);
        }
        found.warnings.len()
    };
    let left = [
        "nixos-20.09",
        "release-21.11",
        "nixpkgs-22.11-darwin",
        "nixos-unstable",
        "master",
        "v1.2-x",
    ]
    .map(gone);
    assert_eq!(left, [1, 2, 3, 3, 3, 3]);
}

#[test]
fn what_needs_git_is_shown() {
    let text = r"{ self, lib, inputs }: {
  version = self.rev;
  other = self.shortRev or self.dirtyShortRev;
  third = inputs.self.revCount;
  inherit (self) rev;
  src = lib.fileset.gitTracked ./.;
  more = [ (builtins.fetchGit ./.) (builtins.fetchGit { url = ./.; }) ];
  head = builtins.readFile ./.git/HEAD;
  commit = lib.commitIdFromGitRepo ./.git;
}";
    insta::assert_snapshot!(shown(text));
}

#[test]
fn what_asks_first_needs_no_git() {
    let text = r#"{ self, lib }: {
  version = self.rev or "dirty";
  short = self.shortRev or self.dirtyShortRev or "dirty";
  asked = if self ? rev then self.rev else "dirty";
  optional = lib.optionalString (self ? rev) self.rev;
  date = self.lastModifiedDate;
  src = if builtins.pathExists ./.git then builtins.fetchGit ./. else ./.;
  nixosConfigurations.box = { system.configurationRevision = self.rev; };
  far = builtins.fetchGit { url = "https://example.org/x"; rev = "1f2e3d4c5b6a79880123456789abcdef01234567"; };
}"#;
    assert_eq!(ids(text), [""; 0]);
}

#[test]
fn sources_given_as_text_are_shown() {
    let text = "{
  a = x.mkDerivation { src = \"./.\"; };
  b = buildGoModule (rec { src = \"./web/${x}\"; });
  c = (crane y).buildPackage (args // { src = \"..\"; });
  d = mkDerivation (finalAttrs: { src = \"../\"; });
  e = mkDerivation { src = ./.; };
  f = mkDerivation { src = \"${./.}\"; };
  g = toJSON { src = \"./x\"; };
  h.src = \"./x\";
  i = mkDerivation { env = toJSON { src = \"./x\"; }; passthru = { src = \"./x\"; }; };
  j = map (x: { src = \"./x\"; }) [ ];
}";
    insta::assert_snapshot!(shown(&format!("x: {text}")));
}

#[test]
fn what_evaluation_needs_is_told_once_for_each_kind() {
    let text = r#"{ pkgs, haskell-nix }: let
  generated = pkgs.runCommand "x" { } "touch $out";
  config.allowUnfreePredicate = pkg: builtins.elem (pkgs.lib.getName pkg) [ "mongodb" "redis" ];
  config.permittedInsecurePackages = [ "openssl-1.1.1w" ];
in [
  (pkgs.haskellPackages.callCabal2nix "a" ./. { })
  (haskell-nix.project { src = ./.; })
  (import generated)
  (import (pkgs.fetchFromGitHub { owner = "acme"; repo = "x"; rev = "v1"; hash = "sha256-q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="; }))
  (builtins.readFile (generated + "/x"))
]"#;
    insta::assert_snapshot!(shown(text));
    let fine = "{ pkgs }: [ (import ./x.nix) (builtins.readFile ./x) (import (fetchTarball { url = \"https://example.org/x\"; \
                sha256 = \"abc\"; })) { config.allowUnfree = false; } (pkgs.callPackage ./x.nix { }) ]";
    assert_eq!(seen(fine).needs, []);
}

#[test]
fn a_flake_may_ask_for_its_own_submodules() {
    let texts = [
        "{ inputs.self.submodules = true; }",
        "{ inputs = { self = { lfs = true; }; }; }",
        "{ submodules = true; self.lfs = false; }",
    ];
    let ids = texts.map(|text| {
        seen(text)
            .needs
            .into_iter()
            .map(|it| it.id)
            .collect::<Vec<_>>()
    });
    assert_eq!(ids, [vec![NeedId::Submodules], vec![NeedId::Lfs], vec![]]);
}

#[test]
fn work_grows_with_the_text_alone() {
    let line = "  a = if self ? rev then self.rev else (import (fetchTarball { url = \"https://github.com/a/b/archive/main.tar.gz\"; }) { });\n";
    let text = format!("{{\n{}}}", line.repeat(4_000).replace("  a =", "  a.b ="));
    assert_eq!(seen(&text).warnings.len(), 4_000);
}

/// Words that make the checks go their ways.
const WORDS: &[&str] = &[
    "fetchTarball",
    "fetchGit",
    "import",
    "self",
    ".rev",
    " or ",
    "{ url = ",
    "}",
    "\"<a>\"",
    "\"${x}\"",
    ";",
    "src = ",
    "\"./.\"",
    "(",
    ")",
    "./.",
    "stdenv.lib",
    "let ",
    " in ",
    "x = ",
    "inherit (self) rev;",
    "[",
    "]",
    "lib.fakeHash",
    "sha256 = \"\"",
    "a: ",
    "if ",
    " then ",
    " else ",
    "callCabal2nix",
    "+",
    "\"https://github.com/\"",
    "\"channel:x\"",
    "https://nixos.org/channels/",
    " ",
];

proptest! {
    #[test]
    fn no_tree_makes_it_panic(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        let text = words.concat();
        // Also trees with mistakes in them: each function must do without the parts that are missing.
        if let Some(expr) = rnix::Root::parse(&text).tree().expr() {
            let _ = lint(&[Parsed { path: Path::new("flake.nix"), text: &text, expr }]);
        }
    }

    #[test]
    fn no_address_makes_it_panic(url in "[ -~]{0,60}") {
        let quoted = url.replace(['"', '\\', '$'], "");
        let text = format!("import (fetchTarball \"{quoted}\") {{ }}");
        let _ = seen(&text);
    }
}

#[test]
fn many_bindings_in_one_set_are_read_in_their_number() {
    let set = |count: u32| {
        let bindings: String =
            (0..count).fold(String::new(), |text, it| text + &format!("a{it}=1;"));
        format!("{{ outputs = i: {{ {bindings} }}; }}")
    };
    // Each asked its set for a `rec`, through all the others: half a minute in a release build.
    let start = std::time::Instant::now();
    seen(&set(40_000));
    let took = start.elapsed();
    assert!(took < std::time::Duration::from_secs(60), "{took:?}");
}

#[test]
fn a_set_is_recursive_by_its_first_word() {
    let fetch = |start: &str| {
        format!(
            "{{ x = {start} {{ rev = \"{REVISION}\"; }}; y = import (fetchTarball {{ url = \"https://x.example/a/${{rev}}.tar.gz\"; }}) {{ }}; }}"
        )
    };
    let revision = |text: &str| seen(text).pins.into_iter().find_map(|it| it.revision);
    assert_eq!(revision(&fetch("rec")).as_deref(), Some(REVISION));
    assert_eq!(revision(&fetch("/* rec */ ")), None);
}

#[test]
fn the_search_ends() {
    let text = "[ fetchTarball self.rev ]".replace("fetchTarball", &"self.rev ".repeat(3_000));
    assert!(seen(&text).warnings.len() <= MOST_FOUND);
    let expr = rnix::Root::parse(&text).ok().unwrap().expr().unwrap();
    let path = Path::new("default.nix");
    let files = [Parsed {
        path,
        text: &text,
        expr,
    }];
    let all = lint_some(&files, 100).warnings.len();
    assert!(all < 100, "{all}");
    assert_eq!(lint_some(&files, 0), Lint::default());
}

#[test]
fn paths_are_noted_relative_to_the_project_with_their_first_place() {
    let text = "{ x, y }: {\n  a = ./b/../a.nix;\n  b = f (./c.nix);\n  c = ./a.nix;\n  d = \"${./d}/e\";\n  e = ./${x}/f;\n  g = ../../h;\n  i = /etc/j;\n  k = <nixpkgs/l>;\n}";
    let path = Path::new("nix/default.nix");
    let expr = rnix::Root::parse(text).ok().unwrap().expr().unwrap();
    let found = lint(&[Parsed { path, text, expr }]).paths;
    let shown = found
        .iter()
        .map(|(path, named)| format!("{} {}", path.display(), named.first));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            "nix/a.nix nix/default.nix:2",
            "nix/c.nix nix/default.nix:3",
            "nix/d nix/default.nix:5"
        ]
    );
}
