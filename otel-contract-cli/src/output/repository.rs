//! Paths as a code host wants them: relative to the root of the repository.

use crate::paths;
use std::path::{Path, PathBuf};

/// The root that paths are relative to.
pub(super) struct Repository {
    here: PathBuf,
    root: Option<PathBuf>,
}

impl Repository {
    /// `GITHUB_WORKSPACE`, or the nearest folder above that has a `.git`.
    pub(super) fn find() -> Repository {
        let here = std::env::current_dir().unwrap_or_default();
        let given = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
        let marked = || here.ancestors().find(|it| it.join(".git").exists());
        let root = given.or_else(|| marked().map(Path::to_owned));
        let root = root.and_then(|root| root.canonicalize().ok());
        Repository { here, root }
    }

    /// The path of a file that messages show as `file`.
    pub(super) fn path(&self, file: &str) -> String {
        let absolute = self.here.join(file).canonicalize();
        let below = absolute.ok().and_then(|absolute| {
            let path = absolute.strip_prefix(self.root.as_ref()?).ok()?;
            Some(paths::shown(path))
        });
        below.unwrap_or_else(|| file.to_owned())
    }
}
