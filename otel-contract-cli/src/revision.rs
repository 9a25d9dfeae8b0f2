//! Reads contracts to compare, from files and from git revisions.

use crate::paths::shown;
use crate::words;
use otel_contract_model::{Contract, Source};
use otel_contract_yaml::compile;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A compiled contract with a label for messages.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) contract: Contract,
    /// Label: `schema/billing.yaml` or `main:schema/billing.yaml`.
    pub(crate) label: String,
}

/// Reads a contract from a file.
pub(crate) fn file(path: &Path) -> Result<Side, String> {
    let shown = shown(path);
    let label = shown.clone();
    compile_valid(&Source::file("", &shown), label)
}

/// Reads a contract and its includes at a git revision.
pub(crate) fn at(revision: &str, path: &Path) -> Result<Side, String> {
    let repository = Repository::containing(path)?;
    let commit = repository.commit(revision)?;
    let within = repository.within(path)?;
    let label = format!("{revision}:{within}");
    let source = Source::files(&within, move |path| repository.read(&commit, path));
    compile_valid(&source, label)
}

/// Reads the contract that `--since` names. The name is an existing file, or otherwise a revision.
pub(crate) fn since(name: &str, path: &Path) -> Result<Side, String> {
    let older = Path::new(name);
    if older.is_file() {
        file(older)
    } else {
        at(name, path).map_err(|error| {
            format!(
                "{error}\nhelp: `--since` expects a file or a git revision, such as `main` or `v1.2.0`"
            )
        })
    }
}

fn compile_valid(source: &Source, label: String) -> Result<Side, String> {
    let compiled = compile(source);
    match compiled.contract {
        Some(contract) if compiled.diagnostics.is_empty() => Ok(Side { contract, label }),
        _ => {
            let count = compiled.diagnostics.len() + compiled.diagnostics.omitted();
            let errors = words::count(count, "error");
            let shown = &compiled.diagnostics;
            Err(format!("`{label}` has {errors}\n\n{shown}"))
        }
    }
}

/// A git repository, located by a folder inside it.
#[derive(Debug)]
struct Repository {
    /// Existing folder at or above the file.
    folder: PathBuf,
    /// Rest of the path below that folder.
    rest: PathBuf,
}

impl Repository {
    /// Finds the repository of a file. The folder of the file may no longer exist.
    fn containing(path: &Path) -> Result<Self, String> {
        let absolute = std::path::absolute(path)
            .map_err(|error| format!("`{}` is not a valid path: {error}", shown(path)))?;
        let mut folder = absolute.as_path();
        while let Some(parent) = folder.parent() {
            folder = parent;
            if folder.is_dir() {
                break;
            }
        }
        let rest = absolute.strip_prefix(folder).unwrap_or(path);
        Ok(Self {
            folder: folder.to_owned(),
            rest: rest.to_owned(),
        })
    }

    fn git<A: AsRef<OsStr>>(&self, args: &[A]) -> io::Result<Output> {
        Command::new("git")
            .arg("-C")
            .arg(&self.folder)
            .args(args)
            // Read-only commands must not take locks, because other processes would wait.
            .env("GIT_OPTIONAL_LOCKS", "0")
            .output()
    }

    /// Returns the output of a git command, or its error message.
    fn git_output(&self, args: &[&str]) -> Result<String, String> {
        let output = self
            .git(args)
            .map_err(|error| format!("cannot run git: {error}\nhelp: compare two files instead"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout)
                .trim_end()
                .to_owned());
        }
        let message = String::from_utf8_lossy(&output.stderr);
        let message = message.trim().trim_start_matches("fatal: ");
        Err(format!("git: {message}"))
    }

    /// Returns the commit of a revision.
    fn commit(&self, revision: &str) -> Result<String, String> {
        let inside = self.git_output(&["rev-parse", "--show-toplevel"]);
        if let Err(error) = inside {
            return Err(format!(
                "`{}` is not in a git repository; {error}",
                shown(&self.folder)
            ));
        }
        let unknown = |_| {
            format!(
                "unknown revision `{revision}`\nhelp: use a branch, a tag or a commit; a shallow clone, as in CI, contains only the last commit: fetch the history with `fetch-depth: 0`"
            )
        };
        if revision.starts_with('-') || revision.is_empty() {
            return Err(unknown(String::new()));
        }
        let commit = format!("{revision}^{{commit}}");
        self.git_output(&["rev-parse", "--verify", "--quiet", &commit])
            .map_err(unknown)
    }

    /// Returns the path relative to the root of the repository, with `/`.
    fn within(&self, path: &Path) -> Result<String, String> {
        let prefix = self.git_output(&["rev-parse", "--show-prefix"])?;
        let rest = shown(&self.rest);
        let within = format!("{prefix}{rest}");
        if rest.is_empty() {
            return Err(format!("`{}` is a folder, not a contract", shown(path)));
        }
        Ok(within)
    }

    /// Reads a file of a commit. Symbolic links are followed inside the repository.
    fn read(&self, commit: &str, path: &str) -> io::Result<Vec<u8>> {
        const MAX_LINKS: usize = 8;
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            let listed = self.git(&["ls-tree", "--full-tree", "-z", commit, "--", &path])?;
            let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
            // `100644 blob 3b18e…\tschema/billing.yaml\0`
            let Some((about, _)) = listed.split_once('\t') else {
                return Err(io::ErrorKind::NotFound.into());
            };
            let about: Vec<&str> = about.split(' ').collect();
            let &[mode, kind, object] = about.as_slice() else {
                return Err(io::Error::other("unexpected output of `git ls-tree`"));
            };
            if kind != "blob" {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            let blob = self.git(&["cat-file", "blob", object])?;
            if !blob.status.success() {
                let message = String::from_utf8_lossy(&blob.stderr).trim().to_owned();
                return Err(io::Error::other(message));
            }
            if mode != "120000" {
                return Ok(blob.stdout);
            }
            let target = String::from_utf8_lossy(&blob.stdout).into_owned();
            path = follow(&path, &target).ok_or(io::ErrorKind::NotFound)?;
        }
        Err(io::Error::other("too many levels of symbolic links"))
    }
}

/// Resolves a symbolic link. Returns `None` if the target is outside of the repository.
fn follow(link: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let folder = link.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_inside_the_repository() {
        let follow = |link, target| follow(link, target).unwrap_or_default();
        assert_eq!(follow("a/b.yaml", "c.yaml"), "a/c.yaml");
        assert_eq!(follow("a/b.yaml", "../c/./d.yaml"), "c/d.yaml");
        assert_eq!(follow("a/b.yaml", "../../c.yaml"), "");
        assert_eq!(follow("b.yaml", "/etc/passwd"), "");
    }
}
