//! Writing files so that nothing is ever half written.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Puts a text in a file: written beside it, then renamed. A link stays a link.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let beside = beside(&target)?;
    let written = write(&beside, &target, text);
    if written.is_err() {
        // What could not be finished is of no use.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write(beside: &Path, target: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(beside)?;
    file.write_all(text.as_bytes())?;
    if let Ok(known) = fs::metadata(target) {
        file.set_permissions(known.permissions())?;
    }
    file.sync_all()?;
    drop(file);
    fs::rename(beside, target)
}

/// A free name in the same folder.
fn beside(target: &Path) -> io::Result<PathBuf> {
    let name = target
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"))?;
    let name = format!(".{}.{}.new", name.to_string_lossy(), std::process::id());
    Ok(target.with_file_name(name))
}
