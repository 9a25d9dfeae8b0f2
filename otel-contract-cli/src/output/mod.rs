//! Output formats of findings, one file per format.

mod github;
mod human;
mod json;
mod repository;
mod sarif;

use crate::finding::Report;
use anstream::{AutoStream, ColorChoice};
use otel_contract_model::text::{is_control_or_bidi, visible};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Source excerpts for the terminal
    #[default]
    Human,
    /// One JSON document
    Json,
    /// Workflow commands, shown by GitHub Actions as annotations of a pull request
    Github,
    /// SARIF 2.1.0 for code scanning
    Sarif,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// If the output is a terminal and `NO_COLOR` is not set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Output options of a command.
#[derive(Debug, clap::Args)]
pub(crate) struct Printing {
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    /// When to use colors
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
}

impl Printing {
    /// Prints a report to standard output.
    pub(crate) fn print(&self, report: &Report) -> io::Result<()> {
        let text = match self.format {
            Format::Human => human::text(report, self.colored()),
            Format::Json => json::text(report),
            Format::Github => github::text(report),
            Format::Sarif => sarif::text(report),
        };
        print(&text)
    }

    /// Returns whether to color standard output.
    pub(crate) fn colored(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        }
    }
}

/// Prints text for humans. Control characters from contracts and paths are escaped.
pub(crate) fn print_text(text: &str) -> io::Result<()> {
    print(&visible(text))
}

/// Formats a JSON document. Control characters are escaped for terminals.
pub(crate) fn document(value: &Value) -> String {
    let mut document = String::new();
    for character in format!("{value:#}\n").chars() {
        if character != '\n' && is_control_or_bidi(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a `String` cannot fail.
                let _ = write!(document, "\\u{unit:04x}");
            }
        } else {
            document.push(character);
        }
    }
    document
}

/// Prints a text unchanged. A closed pipe, as with `head`, is not an error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Prints a message to standard error. Write errors are ignored.
pub(crate) fn print_message(text: &str) {
    let _ = io::stderr().lock().write_all(visible(text).as_bytes());
}
