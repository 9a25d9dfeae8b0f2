//! Paths relative to the root of the repository, as code hosts expect.

use crate::paths;
use std::path::{Path, PathBuf};

/// Root of the repository.
pub(super) struct Repository {
    here: PathBuf,
    root: Option<PathBuf>,
}

impl Repository {
    /// Uses `GITHUB_WORKSPACE`, or the nearest parent folder with a `.git`.
    pub(super) fn find() -> Repository {
        let here = std::env::current_dir().unwrap_or_default();
        let configured = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
        let marked = || here.ancestors().find(|folder| folder.join(".git").exists());
        let root = configured.or_else(|| marked().map(Path::to_owned));
        let root = root.and_then(|root| root.canonicalize().ok());
        Repository { here, root }
    }

    /// Returns the path of a file relative to the root.
    pub(super) fn path(&self, file: &str) -> String {
        let absolute = self.here.join(file).canonicalize();
        let below = absolute.ok().and_then(|absolute| {
            let path = absolute.strip_prefix(self.root.as_ref()?).ok()?;
            Some(paths::shown(path))
        });
        below.unwrap_or_else(|| file.to_owned())
    }
}
