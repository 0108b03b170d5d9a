//! What the services of NixOS modules say of the package.

use super::*;

/// One service of a module: its words, and what is said of it.
fn service(module: &str) -> String {
    let text = format!(
        "{{ outputs = {{ self, nixpkgs, other }}@inputs: {{
        packages.x86_64-linux = {{ default = nixpkgs.buildGoModule {{ pname = \"web\"; }}; gull = 1; }};
        overlays.default = final: prev: {{ tern = final.buildGoModule {{ }}; }};
        nixosModules.default = {{ config, lib, pkgs, package, ... }}: let
          cfg = config.services.web;
          backup = pkgs.restic;
          inherit (pkgs) rclone;
          own = self.packages.x86_64-linux.default;
        in {{ config = lib.mkIf cfg.enable {{ {module} }}; }}; }}; }}"
    );
    let reading = flake(Path::new("/nonexistent"), &text).unwrap();
    let [it] = reading.services.as_slice() else {
        panic!("{module}: {:?}", reading.services);
    };
    let mut line = format!("{} {}", it.program, it.arguments.join(" "));
    line.extend(
        [(it.foreign, " foreign"), (it.oneshot, " oneshot")]
            .iter()
            .filter(|it| it.0)
            .map(|it| it.1),
    );
    line
}

#[test]
fn a_service_of_a_foreign_package_is_told_from_the_projects_own() {
    for package in [
        "cfg.package",
        "package",
        "own",
        "config.services.web.package",
        "self.packages.${pkgs.system}.default",
        "inputs.self.packages.x.default",
        "pkgs.tern",
        "pkgs.gull",
        "pkgs.callPackage ./x.nix { }",
        "let rclone = cfg.package; in rclone",
    ] {
        let module =
            format!("systemd.services.web.serviceConfig.ExecStart = \"${{{package}}}/bin/x\";");
        assert_eq!(service(&module), "x ", "{package}");
        let script = format!("systemd.services.web.script = ''exec ${{{package}}}/bin/x'';");
        assert_eq!(service(&script), "x ", "{package}");
    }
    for package in [
        "pkgs.restic",
        "(pkgs.python3Packages.gunicorn)",
        "backup",
        "rclone",
        "inputs.other.packages.x86_64-linux.default",
        "with pkgs; restic",
        "let it = backup; in it",
    ] {
        let module =
            format!("systemd.services.web.serviceConfig.ExecStart = \"${{{package}}}/bin/x\";");
        assert_eq!(service(&module), "x  foreign", "{package}");
    }
    for (command, expected) in [
        ("lib.getExe' pkgs.restic \"restic\"", "restic  foreign"),
        (
            "\"${lib.getExe' cfg.package \"webd\"} serve\"",
            "webd serve",
        ),
        ("\"/bin/sh -c x\"", "sh -c x foreign"),
        (
            "lib.escapeShellArgs [ \"${pkgs.restic}/bin/restic\" \"backup\" ]",
            "restic backup foreign",
        ),
        (
            "\"${cfg.package}/bin/x serve --state %S/x --more\"",
            "x serve",
        ),
        ("\"${cfg.package}/bin/x --rate 5%% %i y\"", "x --rate 5%"),
    ] {
        let module = format!("systemd.services.web.serviceConfig = {{ ExecStart = {command}; }};");
        assert_eq!(service(&module), expected, "{command}");
    }
}

#[test]
fn a_service_that_ends_by_itself_is_noticed() {
    let start = "ExecStart = \"${cfg.package}/bin/x\";";
    for module in [
        format!("systemd.services.web.serviceConfig = {{ Type = \"oneshot\"; {start} }};"),
        format!(
            "systemd.services.web = lib.mkMerge [ {{ serviceConfig = lib.mkIf a {{ Type = lib.mkForce \"oneshot\"; {start} }}; }} ];"
        ),
        format!("systemd.services.web = {{ startAt = \"daily\"; serviceConfig.{start} }};"),
        format!(
            "systemd.services.web.serviceConfig.{start} systemd.timers.web = lib.mkIf a {{ }};"
        ),
        format!(
            "systemd = {{ services.web.serviceConfig.{start} timers = {{ web.timerConfig.OnCalendar = \"daily\"; }}; }};"
        ),
    ] {
        assert_eq!(service(&module), "x  oneshot", "{module}");
    }
    let other = format!(
        "systemd.services.web.serviceConfig = {{ Type = \"simple\"; {start} }}; systemd.timers.job = {{ }};"
    );
    assert_eq!(service(&other), "x ");
}
