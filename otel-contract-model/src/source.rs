//! Where contracts are read from, and places in them.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::codes;
use crate::contract::Location;
use crate::diagnostics::{Fault, Faults};

/// No contract is larger; whatever is larger is no contract.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Where a contract is read from.
#[derive(Clone)]
pub struct Source {
    base: PathBuf,
    path: String,
    text: Option<String>,
    /// Texts that stand in place of files, by full path.
    instead: Arc<HashMap<PathBuf, String>>,
    /// Where files are, when they are not on the disk.
    files: Option<Arc<Files>>,
}

/// Gives the bytes of the file at a path.
type Files = dyn Fn(&str) -> io::Result<Vec<u8>> + Send + Sync;

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("base", &self.base)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Source {
    /// A file: `base` is the folder of the crate, `path` is relative to it, `/`-separated, and is
    /// what messages show.
    pub fn file(base: impl Into<PathBuf>, path: &str) -> Source {
        Source {
            base: base.into(),
            path: path.to_owned(),
            text: None,
            instead: Arc::default(),
            files: None,
        }
    }

    /// A file that is not on the disk, as in an older revision. `files` gives the bytes of it and of
    /// what it includes, by path; [`io::ErrorKind::NotFound`] says that there is no such file, and
    /// [`io::ErrorKind::IsADirectory`] that it is a folder.
    ///
    /// ```
    /// use otel_contract_model::Source;
    /// use otel_contract_yaml::compile;
    ///
    /// let source = Source::files("shop.yaml", |path| match path {
    ///     "shop.yaml" => Ok(b"contract: shop\nversion: 1.0.0\nbrief: Words.".to_vec()),
    ///     _ => Err(std::io::ErrorKind::NotFound.into()),
    /// });
    /// assert!(compile(&source).diagnostics.is_empty());
    /// ```
    pub fn files(
        path: &str,
        files: impl Fn(&str) -> io::Result<Vec<u8>> + Send + Sync + 'static,
    ) -> Source {
        Source {
            files: Some(Arc::new(files)),
            ..Source::file("", path)
        }
    }

    /// A text that is in no file yet, as in an editor. What it includes is read from files.
    pub fn text(base: impl Into<PathBuf>, path: &str, text: impl Into<String>) -> Source {
        Source {
            text: Some(text.into()),
            ..Source::file(base, path)
        }
    }

    /// Texts that stand in place of files, by their full path, whether they are included or are the
    /// root: to see what an edit comes to before it is saved.
    #[must_use]
    pub fn instead(self, texts: Arc<HashMap<PathBuf, String>>) -> Source {
        Source {
            instead: texts,
            ..self
        }
    }

    /// The path that messages show.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Another file of the same contract.
    pub(crate) fn included(&self, path: &str) -> Source {
        Source {
            instead: self.instead.clone(),
            files: self.files.clone(),
            ..Source::file(self.base.clone(), path)
        }
    }

    /// The file's path as it is opened.
    #[must_use]
    pub fn full_path(&self) -> PathBuf {
        if self.path.is_empty() {
            self.base.clone()
        } else {
            self.base.join(&self.path)
        }
    }

    /// The text; where it cannot be read, the fault stands at `asked`.
    pub(crate) fn read(&self, asked: Span, faults: &mut Faults) -> Option<String> {
        let path = self.full_path();
        let given = self.text.as_ref().or_else(|| self.instead.get(&path));
        let read = match (given, &self.files) {
            (Some(text), _) => Ok(text.clone().into_bytes()),
            (None, Some(files)) => files(&self.path).map_err(Failure::from),
            (None, None) => read_file(&path),
        };
        match read.and_then(decode) {
            Ok(text) => Some(text),
            Err(failure) => {
                faults.push(failure.fault(asked, &self.path));
                None
            }
        }
    }
}

enum Failure {
    Missing,
    Folder,
    TooLarge,
    NotUtf8 { line: usize },
    Other(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Failure::Missing,
            io::ErrorKind::IsADirectory => Failure::Folder,
            _ => Failure::Other(error),
        }
    }
}

impl Failure {
    fn fault(&self, asked: Span, path: &str) -> Fault {
        match self {
            Failure::Missing => codes::MISSING_FILE.at(asked, [&path]),
            Failure::Folder => codes::FOLDER.at(asked, [&path]),
            Failure::TooLarge => codes::TOO_LARGE.at(asked, [&path]),
            Failure::NotUtf8 { line } => codes::NOT_UTF8.at(asked, [&path, line]),
            Failure::Other(error) => codes::UNREADABLE.at(asked, [&path, &error.kind()]),
        }
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(Failure::Folder);
    }
    let mut bytes = Vec::new();
    // A device or a pipe has no length to look at, hence `take` as well.
    let file = fs::File::open(path)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn decode(bytes: Vec<u8>) -> Result<String, Failure> {
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let lines = good.split(|byte| *byte == b'\n').count();
        Failure::NotUtf8 { line: lines }
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// A place in one of the [`Sources`]. Line 0 is the file as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    pub(crate) file: u32,
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// Characters on that line.
    pub(crate) length: u32,
}

impl Span {
    /// A file as a whole.
    pub(crate) fn whole(file: u32) -> Span {
        Span {
            file,
            line: 0,
            column: 0,
            length: 0,
        }
    }
}

/// Every file of a contract, the root first.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    files: Vec<SourceFile>,
}

/// A file of a contract as it was read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path that messages show.
    pub name: Arc<str>,
    /// The path it was opened by.
    pub path: PathBuf,
    /// Its text without a byte order mark; empty where it could not be read.
    pub text: String,
}

impl Sources {
    /// Takes up a file before it is read; gives its index for [`Span::file`].
    pub(crate) fn add(&mut self, source: &Source) -> u32 {
        self.files.push(SourceFile {
            name: Arc::from(source.path()),
            path: source.full_path(),
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
            shared: HashMap::new(),
        }
    }

    pub(crate) fn into_files(self) -> Vec<SourceFile> {
        self.files
    }
}

/// The lines of the sources, split where somebody asks; each is kept once.
pub(crate) struct Lines<'a> {
    sources: &'a Sources,
    split: Vec<Option<Vec<&'a str>>>,
    shared: HashMap<(u32, u32), Arc<str>>,
}

impl Lines<'_> {
    /// The line of a place, empty where it has none.
    pub(crate) fn get(&mut self, span: Span) -> Arc<str> {
        let shared = self.shared.get(&(span.file, span.line)).cloned();
        shared.unwrap_or_else(|| {
            let line: Arc<str> = Arc::from(self.find(span).unwrap_or_default());
            self.shared.insert((span.file, span.line), line.clone());
            line
        })
    }

    fn find(&mut self, span: Span) -> Option<&str> {
        let file = span.file as usize;
        let source = self.sources.files.get(file)?;
        let lines = self
            .split
            .get_mut(file)?
            .get_or_insert_with(|| split_lines(&source.text));
        lines.get((span.line as usize).checked_sub(1)?).copied()
    }
}

/// Lines as YAML counts them: a lone carriage return ends one too.
fn split_lines(text: &str) -> Vec<&str> {
    let lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    lines.flat_map(|line| line.split('\r')).collect()
}

/// A path with `.` and `..` resolved, as [`join`] gives it.
pub(crate) fn normal(path: &str) -> String {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    join(path, name).unwrap_or_else(|| path.to_owned())
}

/// The path of an included file as messages show it: relative to the base, `.` and `..` resolved.
/// `None` where it is empty or absolute.
pub(crate) fn join(including: &str, included: &str) -> Option<String> {
    if included.trim().is_empty() || included.starts_with('/') || included.contains(['\\', '\0']) {
        return None;
    }
    let folder = including.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(included.split('/')) {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&"..") | None => parts.push(".."),
                Some(_) => {
                    parts.pop();
                }
            },
            part => parts.push(part),
        }
    }
    let absolute = if including.starts_with('/') { "/" } else { "" };
    Some(format!("{absolute}{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn included_paths_are_relative_to_the_including_file() {
        let join = |including, included| join(including, included).unwrap_or_default();
        assert_eq!(
            join("schema/billing.yaml", "shared/account.yaml"),
            "schema/shared/account.yaml"
        );
        assert_eq!(join("schema/a/b.yaml", "../c.yaml"), "schema/c.yaml");
        assert_eq!(join("a.yaml", "../../c.yaml"), "../../c.yaml");
        assert_eq!(join("../x/a.yaml", "./c.yaml"), "../x/c.yaml");
        assert_eq!(join("a.yaml", "/etc/passwd"), "");
        assert_eq!(join("a.yaml", ""), "");
        assert_eq!(normal("./sub/../a.yaml"), "a.yaml");
        assert_eq!(normal("/srv/./a.yaml"), "/srv/a.yaml");
    }
}
