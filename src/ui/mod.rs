//! The only room that writes to the terminal or asks.
//!
//! Standard output is the answer, standard error the story. The story has Heroku's look: topics
//! start with `----->`, details are indented by seven spaces, errors have a ` !` margin. Append
//! only: the screen may be a log.

mod ask;
mod color;
mod field;
mod line;
mod progress;
mod raw;
mod terminal;
mod theme;

pub use ask::{Answer, Ask, Headless, Kind, Question, Reply};
pub use color::{ColorChoice, ColorEnv};
pub use line::{Line, fit, short};
pub use progress::Progress;
pub use raw::restore;
pub use terminal::Terminal;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use console::Style;

use crate::error::{Error, Result};
use crate::inspect::Warning;
use crate::shell::Cmd;

/// Columns of somebody else's line: Docker repeats whole scripts on one.
const LONGEST: usize = 160;
/// Rows of one list that are shown.
const MOST_ROWS: usize = 20;

/// How much of the story is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Only the answer and errors.
    Quiet,
    /// The story.
    Normal,
    /// Also every command before it runs.
    Verbose,
}

/// Prints. Cheap to clone; holds no state but how to print.
#[derive(Debug, Clone)]
pub struct Ui {
    level: Level,
    json: bool,
    err_color: bool,
    out_color: bool,
}

impl Ui {
    /// A printer. `json` keeps everything but the one document from standard output.
    pub fn new(level: Level, json: bool, color: ColorChoice, env: &ColorEnv) -> Self {
        let err_color = color.decide(env, console::Term::stderr().is_term());
        let out_color = !json && color.decide(env, console::Term::stdout().is_term());
        Ui {
            level,
            json,
            err_color,
            out_color,
        }
    }

    /// Who asks on the terminal, in this printer's colours.
    pub fn terminal(&self) -> Terminal {
        Terminal::new(self.err_color)
    }

    /// Whether standard output must hold one JSON document.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether commands are shown before they run.
    pub fn is_verbose(&self) -> bool {
        self.level == Level::Verbose
    }

    /// Whether the story is told at all.
    pub fn is_quiet(&self) -> bool {
        self.level == Level::Quiet
    }

    /// Starts a step: `-----> Building`. The guard says how long it took.
    pub fn topic(&self, text: &str) -> Topic<'_> {
        let arrow = self.paint(Style::new().magenta().bold(), "----->");
        let text = self.paint(Style::new().bold(), &fit(text));
        self.story(&arrow.then(" ").then(text));
        Topic {
            ui: self,
            start: Instant::now(),
        }
    }

    /// A line of a step.
    pub fn detail(&self, text: &str) {
        self.story(&Line::from("       ").then(fit(text)));
    }

    /// A line of a step, with colour in it.
    pub fn line(&self, line: impl Into<Line>) {
        self.story(&Line::from("       ").then(line));
    }

    /// A unified diff, without the names of the files.
    pub fn diff(&self, diff: &str) {
        for text in diff.lines().skip(2) {
            let style = match text.chars().next() {
                Some('+') => Style::new().green(),
                Some('-') => Style::new().red(),
                Some('@') => continue,
                _ => Style::new(),
            };
            self.line(self.paint(style, &fit(text)));
        }
    }

    /// A line of somebody else's output, as it is, indented; a very long one is cut unless all is told.
    pub fn echo(&self, line: &str) {
        let line = console::strip_ansi_codes(line);
        let most = if self.is_verbose() {
            usize::MAX
        } else {
            LONGEST
        };
        let line = console::truncate_str(&line, most, "…");
        self.story(&Line::from("       ").then(&*line));
    }

    /// Starts something whose progress is shown: on a terminal in one line that changes, elsewhere every ten seconds.
    pub fn progress(&self) -> Progress {
        Progress::start(self)
    }

    /// A program that says nothing and still runs.
    pub fn still(&self, program: &str, ran: Duration) {
        let ran = human_time(Duration::from_secs(ran.as_secs().max(1)));
        self.detail(&format!("{program} is still at work, {ran} so far"));
    }

    /// A command, before it runs.
    pub fn command(&self, cmd: &Cmd) {
        if self.level == Level::Verbose {
            let shown = self.paint(Style::new().green(), &format!("$ {cmd}"));
            self.story(&Line::from("       ").then(shown));
        }
    }

    /// Something to watch.
    pub fn warn(&self, warning: &Warning) {
        let mark = self.paint(Style::new().yellow().bold(), " !");
        let row = |text: String| self.story(&mark.clone().then(text));
        row(format!("     Warning: {}", fit(&warning.what)));
        for words in warning.detail.iter().take(MOST_ROWS) {
            row(format!("       | {}", fit(words)));
        }
        if warning.detail.len() > MOST_ROWS {
            row(format!(
                "       | and {} more",
                warning.detail.len() - MOST_ROWS
            ));
        }
        if !warning.todo.is_empty() {
            row(format!("       do: {}", fit(&warning.todo)));
        }
        row(format!("       [{}]", warning.id));
    }

    /// A short warning without an id.
    pub fn note(&self, text: &str) {
        let mark = self.paint(Style::new().yellow().bold(), " !");
        for line in text.lines() {
            self.story(&mark.clone().then("     ").then(fit(line)));
        }
    }

    /// An error: always shown, on standard error; with `--json`, as the document on standard output.
    pub fn error(&self, error: &Error) {
        if self.json {
            Self::document(&error.to_json());
        } else {
            self.tell(error);
        }
    }

    /// An error on standard error, whatever form was asked for.
    fn tell(&self, error: &Error) {
        let mark = self.paint(Style::new().red().bold(), " !");
        for line in error.to_string().lines() {
            let line = mark.clone().then("     ").then(fit(line));
            progress::above(|stderr| write_line(stderr, line.shown()));
        }
    }

    /// A line of the answer, as text; nothing with `--json`.
    pub fn answer(&self, line: impl Into<Line>) {
        if !self.json {
            print(format!("{}\n", line.into().shown()).as_bytes());
        }
    }

    /// The answer, when it is a file: byte for byte, but on a terminal only what can be shown there.
    /// Nothing with `--json`.
    pub fn file(&self, text: &str) {
        if self.json {
            return;
        }
        let is_terminal = console::Term::stdout().is_term();
        let shown = if is_terminal && text.chars().any(|c| c != '\n' && line::is_unseen(c)) {
            let lines = text.lines().map(|it| line::clean(it) + "\n");
            lines.collect()
        } else {
            text.to_owned()
        };
        print(shown.as_bytes());
    }

    /// The answer, as a JSON document; nothing without `--json`.
    ///
    /// Errors: `ui/json`, a defect.
    pub fn json(&self, value: &impl serde::Serialize) -> Result<()> {
        if self.json {
            let value = serde_json::to_value(value)
                .map_err(|error| Error::bug("ui/json", format!("cannot write JSON: {error}")))?;
            Self::document(&value);
        }
        Ok(())
    }

    /// Ends the program with `code`; but with 1, and a word on standard error, when an answer that should be
    /// there was lost.
    pub fn end(&self, code: ExitCode) -> ExitCode {
        printed(std::io::stdout().flush());
        let Some(why) = LOST.get() else { return code };
        let error = lost(why);
        self.tell(&error);
        if code == ExitCode::SUCCESS {
            ExitCode::from(error.kind().exit_code())
        } else {
            code
        }
    }

    /// `text` in the colour of names, for the answer.
    pub fn name(&self, text: &str) -> Line {
        Line::styled(&Style::new().cyan().force_styling(self.out_color), text)
    }

    /// `text` in bold, for the answer.
    pub fn bold(&self, text: &str) -> Line {
        Line::styled(&Style::new().bold().force_styling(self.out_color), text)
    }

    fn document(value: &serde_json::Value) {
        print(format!("{}\n", line::json(&format!("{value:#}"))).as_bytes());
    }

    fn story(&self, line: &Line) {
        if self.level > Level::Quiet {
            progress::above(|stderr| write_line(stderr, line.shown()));
        }
    }

    fn paint(&self, style: Style, text: &str) -> Line {
        Line::styled(&style.force_styling(self.err_color), text)
    }
}

/// A step under way.
#[must_use]
pub struct Topic<'a> {
    ui: &'a Ui,
    start: Instant,
}

impl Topic<'_> {
    /// Ends the step, with how long it took when that was a second or more.
    pub fn done(self) {
        let took = self.start.elapsed();
        if took >= Duration::from_secs(1) {
            self.ui.detail(&format!("Done in {}", human_time(took)));
        }
    }
}

/// `10s`, `1.5s`, `2m 05s`, `1h 02m`.
pub fn human_time(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 if time.subsec_nanos() == 0 => format!("{seconds}s"),
        0..60 => format!("{:.1}s", time.as_secs_f64()),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// `512 B`, `1.5 kB`, `45.1 MB`: decimal units, as registries and Heroku count.
pub fn human_bytes(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in units {
        if value < 999.95 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    format!("{value:.1} {unit}")
}

/// Nobody is told that the story can't be: the answer is what counts.
fn write_line(stream: &mut impl Write, line: &str) {
    let _ = writeln!(stream, "{line}");
}

/// Why a part of the answer was lost, if one was. Standard output is one for the whole program, and so is this.
static LOST: OnceLock<String> = OnceLock::new();

/// Writes a part of the answer, byte for byte. That it was lost is said at the end, by [`Ui::end`].
pub(crate) fn print(bytes: &[u8]) {
    printed(std::io::stdout().write_all(bytes));
}

/// Notes what became of a part of the answer that somebody else wrote.
pub(crate) fn printed(result: std::io::Result<()>) {
    // A closed pipe is the reader's choice: writing to it is a quiet success.
    if let Err(error) = result
        && error.kind() != ErrorKind::BrokenPipe
    {
        let _ = LOST.set(error.to_string());
    }
}

fn lost(why: &str) -> Error {
    Error::user(
        "ui/answer-lost",
        format!("the answer could not be written to standard output: {why}"),
        "free some space, or send the answer to another place; then run the same command again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_for_people() {
        assert_eq!(human_bytes(999), "999 B");
        assert_eq!(human_bytes(1_500), "1.5 kB");
        assert_eq!(human_bytes(999_960), "1.0 MB");
        assert_eq!(human_bytes(2_320_000_000), "2.3 GB");
        assert_eq!(human_bytes(u64::MAX), "18446744.1 TB");
        assert_eq!(human_time(Duration::from_millis(1500)), "1.5s");
        assert_eq!(human_time(Duration::from_secs(10)), "10s");
        assert_eq!(human_time(Duration::from_secs(125)), "2m 05s");
        assert_eq!(human_time(Duration::from_secs(3720)), "1h 02m");
    }
}
