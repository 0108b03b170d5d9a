//! Follows the shell text of a build to the programs that end up in `$out/bin`.
//!
//! Takes text in which every part that is not text of the project is one hole; gives names that come,
//! go, or stand for another, and says when a command may have brought more than can be read. Never: a
//! run of anything, a guess at what a variable holds.

use super::phases::{HOLE, OUTS, commands, is_name};
use crate::files::file_name;

/// What the phases of a build leave behind, followed in the order they run.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Installed {
    /// Programs by name, renames and removals done.
    pub(super) programs: Vec<String>,
    /// Names that a command took away or renamed.
    pub(super) removed: Vec<String>,
    /// Other names of programs, each with the program's own.
    pub(super) aliases: Vec<(String, String)>,
    /// A command may have put programs there whose names can't be read.
    pub(super) unclear: bool,
    /// `bin` was emptied: what an earlier step put there is gone.
    pub(super) emptied: bool,
}

/// Commands that put no program anywhere, whatever their words are, unless they write into a file there.
const QUIET: &[&str] = &[
    "[",
    "chmod",
    "echo",
    "export",
    "installManPage",
    "installShellCompletion",
    "mkdir",
    "patchShebangs",
    "printf",
    "rmdir",
    "runHook",
    "sed",
    "set",
    "strip",
    "substituteInPlace",
    "test",
    "wrapProgram",
    "wrapProgramBinary",
    "wrapProgramShell",
];

impl Installed {
    /// Follows one text. Its programs are additions; whether it is all there is, the caller knows.
    pub(super) fn read(&mut self, text: &str) {
        let mut made = false;
        for command in commands(text) {
            self.follow(&command);
            self.unclear |= is_unclear(&command, made);
            made |= command.first().is_some_and(|word| word == "mkdir");
        }
    }

    /// What one command does to the programs.
    fn follow(&mut self, words: &[String]) {
        let Some((name, rest)) = words.split_first() else {
            return;
        };
        if let Some(target) = redirected(words) {
            self.add(target);
        }
        let paths: Vec<&str> = rest
            .iter()
            .map(String::as_str)
            .filter(|word| !word.starts_with('-'))
            .collect();
        match file_name(name) {
            "rm" => {
                for path in paths {
                    self.remove_path(path);
                }
            }
            "mv" => {
                if let [from @ .., _] = paths.as_slice() {
                    for path in from {
                        self.remove_path(path);
                    }
                }
                self.copied(rest, &paths);
            }
            "install" if !rest.iter().any(|word| is_folder_flag(word)) => {
                self.copied(rest, &paths);
            }
            "ln" if !self.aliased(&paths, true) => {
                self.copied(rest, &paths);
            }
            "cp" if !self.aliased(&paths, false) => {
                self.copied(rest, &paths);
            }
            "installBin" => {
                for path in paths {
                    self.add_base(path);
                }
            }
            "makeWrapper" | "makeBinaryWrapper" | "makeShellWrapper" => {
                if let Some(target) = rest.get(1) {
                    self.add_path(target);
                }
            }
            "wrapProgram" | "wrapProgramShell" | "wrapProgramBinary" | "touch" => {
                if let Some(target) = rest.first() {
                    self.add_path(target);
                }
            }
            "chmod" | "substituteAll" | "substitute" => {
                for path in paths {
                    self.add_path(path);
                }
            }
            _ => {}
        }
    }

    /// `ln -s $out/bin/a $out/bin/b`, also `ln -s a $out/bin/b`: another name of `a`, no second program.
    fn aliased(&mut self, paths: &[&str], is_link: bool) -> bool {
        let [source, target] = paths else {
            return false;
        };
        // A relative link is read from where it lies.
        let beside = source.strip_prefix("./").unwrap_or(source);
        let beside = (is_link && is_name(beside)).then_some(beside);
        let (Some(source), Some(target)) = (in_bin(source).or(beside), in_bin(target)) else {
            return false;
        };
        self.removed.retain(|it| it != target);
        if source != target && !self.programs.iter().any(|it| it == target) {
            let alias = (target.to_owned(), source.to_owned());
            if !self.aliases.contains(&alias) {
                self.aliases.push(alias);
            }
        }
        true
    }

    /// Programs of `cp`, `mv`, `ln` and `install`: the target's own name, or the sources' in the target folder.
    fn copied(&mut self, words: &[String], paths: &[&str]) {
        let target_flag = words.iter().position(|word| is_target_flag(word));
        if let Some(target) = target_flag.and_then(|at| words.get(at + 1)) {
            if is_bin(target) {
                for path in paths.iter().filter(|path| **path != target.as_str()) {
                    self.add_base(path);
                }
            }
            return;
        }
        let Some((target, sources)) = paths.split_last() else {
            return;
        };
        if is_bin(target) {
            for path in sources {
                self.add_base(path);
            }
        } else {
            self.add_path(target);
        }
    }

    fn remove_path(&mut self, path: &str) {
        if is_bin(path.trim_end_matches('*')) {
            self.removed.append(&mut self.programs);
            self.aliases.clear();
            self.emptied = true;
        } else if let Some(name) = in_bin(path) {
            self.programs.retain(|it| it != name);
            self.aliases.retain(|(alias, _)| alias != name);
            self.removed.push(name.to_owned());
        }
        self.removed.sort();
        self.removed.dedup();
    }

    /// A source's own name. One without a name to read is no program that is known.
    fn add_base(&mut self, path: &str) {
        let name = file_name(path.trim_end_matches('/'));
        if is_name(name) {
            self.add(name);
        }
    }

    fn add_path(&mut self, path: &str) {
        if let Some(name) = in_bin(path) {
            self.add(name);
        }
    }

    fn add(&mut self, name: &str) {
        self.removed.retain(|it| it != name);
        let known = self.programs.iter().any(|it| it == name);
        if !known && !self.aliases.iter().any(|(alias, _)| alias == name) {
            self.programs.push(name.to_owned());
        }
    }
}

/// Whether a command may bring programs that [`Installed::follow`] did not see. `made`: `$out` is a folder
/// by now, so that what is copied to it keeps its name.
fn is_unclear(words: &[String], made: bool) -> bool {
    let Some((name, rest)) = words.split_first() else {
        return false;
    };
    let name = file_name(name);
    // What another expression says, or the build tool's own way to install.
    let elsewhere = name == HOLE.to_string() || name.ends_with("Hook") && name != "runHook";
    if elsewhere || name.ends_with("Phase") || rest.iter().any(|word| word == "install") {
        return true;
    }
    if QUIET.contains(&name) {
        return rest
            .iter()
            .any(|word| word.contains('>') && mentions_out(word));
    }
    let mut paths = rest.iter().filter(|word| !word.starts_with('-'));
    match name {
        "rm" => false,
        "installBin" => paths.any(|path| !is_name(file_name(path))),
        "install" if rest.iter().any(|word| is_folder_flag(word)) => false,
        "cp" | "mv" | "ln" | "install" => {
            let flag = rest.iter().position(|word| is_target_flag(word));
            let paths: Vec<&str> = paths.map(String::as_str).collect();
            let target = match flag {
                Some(at) => rest.get(at + 1).map(String::as_str),
                None => paths.last().copied(),
            };
            let Some(target) = target else { return false };
            let sources: Vec<&str> = paths.iter().copied().filter(|it| *it != target).collect();
            is_unclear_target(target, &sources, made || flag.is_some())
        }
        "makeWrapper" | "makeBinaryWrapper" | "makeShellWrapper" => {
            rest.get(1).is_some_and(|it| hides(it))
        }
        _ => rest.iter().any(|word| hides(word)),
    }
}

fn is_unclear_target(target: &str, sources: &[&str], made: bool) -> bool {
    let plain = |path: &&str| is_name(file_name(path.trim_end_matches('/')));
    if is_bin(target) {
        return !sources.iter().all(plain);
    }
    if OUTS.iter().any(|out| target.trim_end_matches('/') == *out) {
        let aside = |path: &&str| plain(path) && file_name(path.trim_end_matches('/')) != "bin";
        return !made || !sources.iter().all(aside);
    }
    hides(target)
}

/// A path into the package that may be one of a program whose name can't be read.
fn hides(word: &str) -> bool {
    if !mentions_out(word) || in_bin(word).is_some() {
        return false;
    }
    let rest = OUTS.iter().find_map(|out| word.strip_prefix(out));
    let first = rest
        .and_then(|rest| rest.strip_prefix('/'))
        .map(|rest| rest.split('/').next().unwrap_or_default());
    // `$out/share/…` holds no program; all of `$out`, or `--prefix=$out`, may.
    !first.is_some_and(|first| is_name(first) && first != "bin")
}

fn mentions_out(word: &str) -> bool {
    let more = ["${placeholder", "$prefix", "${prefix", "${out", "$out"];
    OUTS.iter().chain(&more).any(|out| word.contains(out))
}

/// `install -d` makes folders.
fn is_folder_flag(word: &str) -> bool {
    let short = word.strip_prefix('-').is_some_and(|flags| {
        !flags.starts_with('-')
            && flags
                .chars()
                .take_while(char::is_ascii_alphabetic)
                .any(|it| it == 'd')
    });
    short || word == "--directory"
}

fn is_target_flag(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.ends_with('t')
}

/// The target of `> $out/bin/x`.
fn redirected(words: &[String]) -> Option<&str> {
    let mut after = false;
    for word in words {
        if after {
            return in_bin(word);
        }
        match word.trim_start_matches('>') {
            "" => after = true,
            target if target.len() < word.len() => return in_bin(target),
            _ => {}
        }
    }
    None
}

/// `NAME` of `$out/bin/NAME`.
fn in_bin(path: &str) -> Option<&str> {
    let rest = OUTS.iter().find_map(|out| path.strip_prefix(out))?;
    let name = rest.strip_prefix("/bin/")?;
    is_name(name).then_some(name)
}

fn is_bin(path: &str) -> bool {
    let rest = OUTS.iter().find_map(|out| path.strip_prefix(out));
    rest.is_some_and(|rest| matches!(rest, "/bin" | "/bin/" | "/bin/."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Installed {
        let mut installed = Installed::default();
        installed.read(text);
        installed
    }

    #[test]
    fn installed_programs_are_read_from_the_shell() {
        for (text, expected) in [
            ("install -Dm755 target/release/a $out/bin/b", vec!["b"]),
            ("install -Dm755 -t $out/bin a b/c", vec!["a", "c"]),
            (
                "mkdir -p $out/bin && cp build/web \"$out/bin/\"",
                vec!["web"],
            ),
            ("install -d $out/bin/sub", vec![]),
            (
                "cp x $out/bin/a\nmv $out/bin/a $out/bin/b # not c",
                vec!["b"],
            ),
            ("cp x $out/bin/a; rm -f $out/bin/a", vec![]),
            (
                "makeWrapper \u{fffc}/bin/node $out/bin/site \\\n --add-flags $out/x",
                vec!["site"],
            ),
            ("wrapProgram $out/bin/x --set A b", vec!["x"]),
            ("echo hi > $out/bin/say", vec!["say"]),
            ("installBin target/release/a", vec!["a"]),
            ("for f in *; do cp $f $out/bin/$f; done", vec![]),
            ("cp -r dist $out", vec![]),
            ("ln -s \u{fffc}/bin/y ${out}/bin/", vec!["y"]),
            ("cp \u{fffc} $out/bin/", vec![]),
        ] {
            assert_eq!(read(text).programs, expected, "{text}");
        }
    }

    #[test]
    fn what_goes_and_what_is_only_another_name_is_told_apart() {
        let found = read("mv $out/bin/a $out/bin/b; rm $out/bin/c; ln -s $out/bin/b $out/bin/bctl");
        assert_eq!(found.programs, ["b"]);
        assert_eq!(found.removed, ["a", "c"]);
        assert_eq!(found.aliases, [("bctl".to_owned(), "b".to_owned())]);
        let again = read("rm $out/bin/a; install x $out/bin/a; ln -sf ./a $out/bin/d");
        assert_eq!((again.programs.len(), again.removed.len()), (1, 0));
        assert_eq!(again.aliases, [("d".to_owned(), "a".to_owned())]);
        let emptied = read("cp a $out/bin/a; rm -rf $out/bin/*; cp b $out/bin/");
        assert!(emptied.emptied);
        assert_eq!(emptied.programs, ["b"]);
    }

    #[test]
    fn a_command_that_may_bring_more_is_noticed() {
        for text in [
            "cp build/* $out/bin/",
            "for f in a b; do cp $f $out/bin/$f; done",
            "make install PREFIX=$out",
            "make install",
            "cp -r dist $out",
            "mkdir -p $out; cp -r out/bin $out/",
            "\u{fffc}\ncp a $out/bin/a",
            "cd $out/bin; ln -s a b",
            "npmInstallHook",
            "dotnet publish -o $out",
        ] {
            assert!(read(text).unclear, "{text}");
        }
        for text in [
            "runHook preInstall\nmkdir -p $out/bin\ninstall -m755 a $out/bin/a\nrunHook postInstall",
            "mkdir -p $out; cp -r static $out/",
            "cp -r dist $out/lib/web\nmakeWrapper \u{fffc}/bin/node $out/bin/web --add-flags $out/lib/web/x.js",
            "wrapProgram $out/bin/a --prefix PATH : \u{fffc}",
            "dotnet publish -o $out/lib/web",
        ] {
            assert!(!read(text).unclear, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s).{0,200}") {
            read(&text);
        }
    }
}
