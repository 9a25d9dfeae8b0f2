//! How findings are shown: a file per format.

mod github;
mod human;
mod json;
mod repository;
mod sarif;

use crate::finding::Report;
use anstream::{AutoStream, ColorChoice};
use otel_contract_model::text::{is_hidden, visible};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{self, Write};

/// The format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Source excerpts, for people
    #[default]
    Human,
    /// One JSON document, for scripts
    Json,
    /// Workflow commands: GitHub Actions shows them on the lines of a pull request
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How a command prints what it found.
#[derive(Debug, clap::Args)]
pub(crate) struct Printing {
    /// How findings are shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
}

impl Printing {
    /// Prints a report to the standard output.
    pub(crate) fn print(&self, report: &Report) -> io::Result<()> {
        let text = match self.format {
            Format::Human => human::text(report, self.colored()),
            Format::Json => json::text(report),
            Format::Github => github::text(report),
            Format::Sarif => sarif::text(report),
        };
        print(&text)
    }

    /// Whether the standard output takes colours.
    pub(crate) fn colored(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        }
    }
}

/// Prints a text for people. What it quotes of contracts and paths is no command of the terminal.
pub(crate) fn print_text(text: &str) -> io::Result<()> {
    print(&visible(text))
}

/// A JSON document. Printed to a terminal, its strings are no commands either.
pub(crate) fn document(value: &Value) -> String {
    let mut document = String::new();
    for character in format!("{value:#}\n").chars() {
        if character != '\n' && is_hidden(character) {
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

/// Prints a file or a document as it is. Whoever reads it may stop reading, as `head` does: that is no failure.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Tells something beside the report, on the standard error. Where nobody listens there is nothing to do.
pub(crate) fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(visible(text).as_bytes());
}
