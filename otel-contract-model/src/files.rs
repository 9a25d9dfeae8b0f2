//! The files of a contract, and locations in them.

use std::path::PathBuf;
use std::sync::Arc;

use crate::contract::Location;

/// A location in one of the [`Sources`]. Line 0 is the whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    pub(crate) file: u32,
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// Number of characters, all on that line.
    pub(crate) length: u32,
}

impl Span {
    /// Returns the span of a whole file.
    pub(crate) fn whole(file: u32) -> Span {
        Span {
            file,
            line: 0,
            column: 0,
            length: 0,
        }
    }
}

/// All files of a contract, the root first.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    files: Vec<SourceFile>,
}

/// A file of a contract, as read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path shown in messages.
    pub name: Arc<str>,
    /// The path used to open the file.
    pub path: PathBuf,
    /// The text without a byte order mark; empty if the file could not be read.
    pub text: String,
}

impl Sources {
    /// Adds a file before it is read. Returns its index for [`Span::file`].
    pub(crate) fn add(&mut self, name: &str, path: PathBuf) -> u32 {
        self.files.push(SourceFile {
            name: Arc::from(name),
            path,
            text: String::new(),
        });
        u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX)
    }

    pub(crate) fn set_text(&mut self, file: u32, text: String) {
        if let Some(known) = self.files.get_mut(file as usize) {
            known.text = text;
        }
    }

    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }

    pub(crate) fn location(&self, span: Span) -> Location {
        let file = self
            .files
            .get(span.file as usize)
            .map(|file| file.name.clone());
        Location {
            file: file.unwrap_or_default(),
            line: span.line,
            column: span.column,
        }
    }

    pub(crate) fn lines(&self) -> Lines<'_> {
        let split = self.files.iter().map(|_| None).collect();
        Lines {
            sources: self,
            split,
        }
    }

    pub(crate) fn into_files(self) -> Vec<SourceFile> {
        self.files
    }
}

/// The lines of the sources. Files are split on demand, and each line is allocated once.
pub(crate) struct Lines<'a> {
    sources: &'a Sources,
    split: Vec<Option<Vec<Line<'a>>>>,
}

impl<'a> Lines<'a> {
    /// Returns the line of a span; empty for a whole file.
    pub(crate) fn get(&mut self, span: Span) -> Arc<str> {
        let Some(line) = self.find(span) else {
            return Arc::default();
        };
        let shared = line.shared.get_or_insert_with(|| Arc::from(line.text));
        shared.clone()
    }

    fn find(&mut self, span: Span) -> Option<&mut Line<'a>> {
        let file = span.file as usize;
        let source = self.sources.files.get(file)?;
        let lines = self
            .split
            .get_mut(file)?
            .get_or_insert_with(|| split_lines(&source.text));
        lines.get_mut((span.line as usize).checked_sub(1)?)
    }
}

/// A line, and its allocation for the diagnostics.
struct Line<'a> {
    text: &'a str,
    shared: Option<Arc<str>>,
}

/// Splits a text into lines as YAML counts them: a lone carriage return ends a line too.
fn split_lines(text: &str) -> Vec<Line<'_>> {
    let lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let lines = lines.flat_map(|line| line.split('\r'));
    lines.map(|text| Line { text, shared: None }).collect()
}
