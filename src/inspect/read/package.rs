//! A derivation, as its builder's call shows it.

use std::path::PathBuf;

use super::known::Builder;
use super::value::Place;

/// A derivation as its builder's call shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::inspect) struct Package {
    /// The function that makes it, such as `buildGoModule`.
    pub(in crate::inspect) function: String,
    pub(in crate::inspect) builder: &'static Builder,
    /// `pname`, or `name`.
    pub(in crate::inspect) name: Option<String>,
    /// The program, and where it is said outright (`meta.mainProgram`, a script's name).
    pub(in crate::inspect) program: Option<(String, Place)>,
    /// Programs that its text installs: `subPackages`, `--bin x`, `$out/bin/x` in a phase, renames done.
    pub(in crate::inspect) installs: Vec<(String, Place)>,
    /// Whether `installs` is all there is: a list of programs or an install phase of its own says so, and
    /// no phase brings what can't be read. Else the builder installs its own besides. Never true of none.
    pub(in crate::inspect) installs_all: bool,
    /// Names that a phase takes away or renames, sorted: the builder's own program of such a name is gone.
    pub(in crate::inspect) removed: Vec<String>,
    /// Other names of programs, each with the program's own: `ln -s $out/bin/gull $out/bin/gullctl`.
    pub(in crate::inspect) aliases: Vec<(String, String)>,
    /// Files and folders of the sources that its text puts elsewhere into the package: `static`, `share/app`.
    pub(in crate::inspect) ships: Vec<(String, PathBuf)>,
    /// Programs that its text runs to build it, sorted: `hugo`.
    pub(in crate::inspect) tools: Vec<String>,
    /// The folder its sources lie in (`src`), relative to the project.
    pub(in crate::inspect) folder: Option<PathBuf>,
    /// The words it starts with: an image's `Cmd`, the last command of a script.
    pub(in crate::inspect) command: Option<(Vec<String>, Place)>,
    /// What it holds of other packages: an image's contents, a `symlinkJoin`'s paths.
    pub(in crate::inspect) contents: Vec<Package>,
    /// Where the builder is called: two attributes of one place are one derivation.
    pub(in crate::inspect) place: Option<Place>,
}

impl Package {
    /// A package of which only the builder is known.
    pub(super) fn of(function: &str, builder: &'static Builder) -> Self {
        Package {
            function: function.to_owned(),
            builder,
            name: None,
            program: None,
            installs: Vec::new(),
            installs_all: false,
            removed: Vec::new(),
            aliases: Vec::new(),
            ships: Vec::new(),
            tools: Vec::new(),
            folder: None,
            command: None,
            contents: Vec::new(),
            place: None,
        }
    }
}

/// Whether a text can be the file name of a program: one component of a path, with nothing in it that a
/// terminal would obey or not show.
pub(super) fn is_program(name: &str) -> bool {
    let hidden = |it: char| matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let plain = |it: char| it != '/' && !it.is_control() && !hidden(it);
    !matches!(name, "" | "." | "..") && name.chars().all(plain)
}
