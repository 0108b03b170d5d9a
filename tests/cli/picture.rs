//! A terminal's screen as a picture for README.md: SVG, each run of one colour a text.

use std::fmt::Write;

use vt100::{Cell, Color, Screen};

const COLUMN: f64 = 8.43;
const LINE: usize = 19;
const MARGIN: usize = 20;

/// The screen from the line that starts with `first` down to the last with words.
pub fn picture(screen: &Screen, first: &str) -> String {
    let (_, columns) = screen.size();
    let texts: Vec<String> = screen.rows(0, columns.get()).collect();
    let last = texts.iter().rposition(|it| !it.trim().is_empty());
    let first = texts.iter().position(|it| it.starts_with(first)).unwrap();
    let rows = last.map_or(0, |it| it + 1) - first;
    let height = 2 * MARGIN + rows * LINE;
    let width = 2.0 * 20.0 + f64::from(columns.get()) * COLUMN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height}\" width=\"{width:.0}\" height=\"{height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#16161e\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" fill=\"#c8d0e0\" xml:space=\"preserve\">\n"
    );
    for row in 0..rows {
        for run in runs(screen, u16::try_from(first + row).unwrap()) {
            run.draw(&mut svg, MARGIN + 14 + row * LINE);
        }
    }
    svg + "</g>\n</svg>\n"
}

/// Cells beside each other that look the same.
struct Run {
    at: u16,
    look: String,
    text: String,
}

fn runs(screen: &Screen, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for at in 0..screen.size().1.get() {
        let Some(cell) = screen.cell(row, at) else {
            continue;
        };
        let (look, text) = (look(cell), cell.contents());
        let text = if text.is_empty() { " " } else { text };
        match runs.last_mut() {
            Some(run) if run.look == look => run.text.push_str(text),
            _ => runs.push(Run {
                at,
                look,
                text: text.to_owned(),
            }),
        }
    }
    runs.retain(|run| !run.text.trim().is_empty());
    runs
}

impl Run {
    fn draw(&self, svg: &mut String, y: usize) {
        let indent = self.text.chars().take_while(|c| *c == ' ').count();
        let text = self.text.trim();
        let columns = f64::from(u32::try_from(text.chars().count()).unwrap());
        let x = 20.0 + (f64::from(self.at) + f64::from(u32::try_from(indent).unwrap())) * COLUMN;
        let text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{y}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\"{}>{text}</text>",
            columns * COLUMN,
            self.look
        )
        .unwrap();
    }
}

/// How a cell looks, as attributes.
fn look(cell: &Cell) -> String {
    let fill = match cell.fgcolor() {
        Color::Idx(1 | 9) => " fill=\"#f7768e\"",
        Color::Idx(2 | 10) => " fill=\"#9ece6a\"",
        Color::Idx(3 | 11) => " fill=\"#e0af68\"",
        Color::Idx(4 | 12) => " fill=\"#7aa2f7\"",
        Color::Idx(5 | 13) => " fill=\"#bb9af7\"",
        Color::Idx(6 | 14) => " fill=\"#7dcfff\"",
        Color::Idx(8) => " fill=\"#737aa2\"",
        _ if cell.dim() => " fill=\"#737aa2\"",
        _ => "",
    };
    let bold = if cell.bold() {
        " font-weight=\"bold\""
    } else {
        ""
    };
    format!("{fill}{bold}")
}
