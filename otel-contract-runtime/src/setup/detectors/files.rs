//! Reads files of the system.

use std::io::Read as _;
use std::path::PathBuf;

/// The files of the system, or of a test.
pub(super) struct Files {
    root: PathBuf,
}

/// Maximum length of a file in bytes; the rest is ignored. The longest file, `mountinfo`, has a line for each mount.
const MAX_LENGTH: u64 = 1024 * 1024;

impl Files {
    pub(super) fn of_system() -> Self {
        Self {
            root: PathBuf::from("/"),
        }
    }

    #[cfg(test)]
    pub(super) fn below(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    pub(super) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Returns the text of a file; `None` if it cannot be read. Other kinds of files, such as a pipe, could block.
    pub(super) fn read(&self, path: &str) -> Option<String> {
        let path = self.path(path);
        if !path.metadata().ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).ok()?;
        file.take(MAX_LENGTH).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns the text of the first of these files that contains a single word.
    pub(super) fn read_word(&self, paths: &[&str]) -> Option<String> {
        let word = |path: &&str| {
            let text = self.read(path)?;
            let word = text.trim();
            let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
            is_word.then(|| word.to_owned())
        };
        paths.iter().find_map(word)
    }
}
