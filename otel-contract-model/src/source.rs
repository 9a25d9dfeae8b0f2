//! Reads the files of a contract: from the disk, from an editor, or from an older revision.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::codes;
use crate::diagnostics::{Diag, DiagContext};
use crate::files::{Sources, Span};

/// The maximum size of a file, 4 MiB. A larger file is not a contract.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The origin of a contract: a file, a text, or a reader of files.
#[derive(Clone)]
pub struct Source {
    base: PathBuf,
    path: String,
    text: Option<String>,
    /// Texts that replace the content of files, by full path.
    replacements: Arc<HashMap<PathBuf, String>>,
    /// Reads the files if they are not on the disk.
    files: Option<Arc<Files>>,
}

/// Returns the bytes of the file at a path.
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
    /// Creates a source from a file on the disk. `path` is relative to `base`, the folder of the crate. The path uses
    /// `/` as separator, and is shown in messages.
    pub fn file(base: impl Into<PathBuf>, path: &str) -> Source {
        Source {
            base: base.into(),
            path: path.to_owned(),
            text: None,
            replacements: Arc::default(),
            files: None,
        }
    }

    /// Creates a source from a file that is not on the disk, such as a file of an older revision. `files` returns the
    /// bytes of this file and of each included file, by path. For a missing file, `files` returns the error
    /// [`io::ErrorKind::NotFound`]; for a folder, [`io::ErrorKind::IsADirectory`].
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

    /// Creates a source from a text that is not saved yet, as in an editor. Included files are read from the disk.
    pub fn text(base: impl Into<PathBuf>, path: &str, text: impl Into<String>) -> Source {
        Source {
            text: Some(text.into()),
            ..Source::file(base, path)
        }
    }

    /// Replaces the content of files, to check an edit before it is saved. The keys are full paths; the root file can
    /// be replaced too.
    #[must_use]
    pub fn with_texts(self, texts: Arc<HashMap<PathBuf, String>>) -> Source {
        Source {
            replacements: texts,
            ..self
        }
    }

    /// Adds this file to the files of a contract. Returns its index for [`Span::file`].
    pub(crate) fn add_to(&self, sources: &mut Sources) -> u32 {
        sources.add(&self.path, self.full_path())
    }

    /// Returns the path shown in messages.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the source of an included file.
    pub(crate) fn included(&self, path: &str) -> Source {
        Source {
            replacements: self.replacements.clone(),
            files: self.files.clone(),
            ..Source::file(self.base.clone(), path)
        }
    }

    /// Returns the path used to open the file.
    #[must_use]
    pub fn full_path(&self) -> PathBuf {
        if self.path.is_empty() {
            self.base.clone()
        } else {
            self.base.join(&self.path)
        }
    }

    /// Reads the text. Errors are reported at `included_at`, the location of the entry in `include`.
    pub(crate) fn read(&self, included_at: Span, diagnostics: &mut DiagContext) -> Option<String> {
        let path = self.full_path();
        let replaced = self.text.as_ref().or_else(|| self.replacements.get(&path));
        let read = match (replaced, &self.files) {
            (Some(text), _) => Ok(text.clone().into_bytes()),
            (None, Some(files)) => files(&self.path).map_err(Failure::from),
            (None, None) => read_file(&path),
        };
        match read.and_then(decode) {
            Ok(text) => Some(text),
            Err(failure) => {
                diagnostics.push(failure.diag(included_at, &self.path));
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
    fn diag(&self, included_at: Span, path: &str) -> Diag {
        match self {
            Failure::Missing => codes::MISSING_FILE.at(included_at, [&path]),
            Failure::Folder => codes::FOLDER.at(included_at, [&path]),
            Failure::TooLarge => codes::TOO_LARGE.at(included_at, [&path]),
            Failure::NotUtf8 { line } => codes::NOT_UTF8.at(included_at, [&path, line]),
            Failure::Other(error) => codes::UNREADABLE.at(included_at, [&path, &error.kind()]),
        }
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(Failure::Folder);
    }
    let mut bytes = Vec::new();
    // The length of a device or pipe is unknown, so `take` limits the read.
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

/// Resolves `.` and `..` in a path, as [`join`] does.
pub(crate) fn normal(path: &str) -> String {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    join(path, name).unwrap_or_else(|| path.to_owned())
}

/// Returns the path of an included file as shown in messages: relative to the base, with `.` and `..` resolved.
/// Returns `None` if the included path is empty, absolute, or contains a backslash or NUL.
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
