//! `init`: creates a vocabulary crate in the workspace.

mod files;
mod member;

use crate::discover;
use crate::paths;
use crate::save;
use files::Dependency;
use otel_contract_model::names;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A validated plan of all files to write.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Folder of the crate.
    folder: PathBuf,
    /// Files by path relative to the folder.
    files: Vec<(String, String)>,
    /// Path and new content of the workspace's `Cargo.toml`, if it changes.
    manifest: Option<(PathBuf, String)>,
    name: String,
}

impl Plan {
    /// Plans the crate. Name and folder have defaults.
    pub(crate) fn new(name: Option<&str>, folder: Option<&Path>) -> Result<Plan, String> {
        let here = std::env::current_dir()
            .and_then(|here| here.canonicalize())
            .map_err(|error| format!("the current directory cannot be read: {error}"))?;
        let root = discover::workspace(&here);
        let name = match name {
            Some(name) => validated_name(name)?,
            None => default_name(&root)?,
        };
        let folder = match folder {
            Some(folder) => paths::normal(&here.join(folder)),
            None => root.join(format!("{}-telemetry", name.replace('_', "-"))),
        };
        require_empty(&folder, &here)?;
        let package = package(&folder)?;
        let workspace = discover::manifest(&root);
        let manifest = match &workspace {
            Some(manifest) => member::added(manifest, &root, &folder)?,
            None if root.join("Cargo.toml").exists() => {
                return Err(format!(
                    "`{}` cannot be read",
                    paths::shown(&paths::relative(&root.join("Cargo.toml"), &here))
                ));
            }
            None => None,
        };
        let inherits = workspace.as_ref().is_some_and(member::has_dependency);
        Ok(Plan {
            files: files::all(&name, &package, &Dependency::choose(inherits)),
            manifest: manifest.map(|text| (root.join("Cargo.toml"), text)),
            folder,
            name,
        })
    }

    /// Writes the files. The workspace manifest is written last, when the crate is complete.
    pub(crate) fn make(&self) -> Result<(), String> {
        for (path, text) in &self.files {
            let path = self.folder.join(path);
            new_file(&path, text)
                .map_err(|error| format!("`{}` cannot be written: {error}", paths::shown(&path)))?;
        }
        if let Some((path, text)) = &self.manifest {
            save::replace(path, text)
                .map_err(|error| format!("`{}` cannot be written: {error}", paths::shown(path)))?;
        }
        Ok(())
    }

    /// Returns a summary of the written files, and the next steps.
    pub(crate) fn summary(&self) -> String {
        let here = std::env::current_dir().and_then(|here| here.canonicalize());
        let here = here.unwrap_or_default();
        let shown = |path: &Path| paths::shown(&paths::relative(path, &here));
        let mut text = String::new();
        for (path, _) in &self.files {
            let _ = writeln!(text, "created {}", shown(&self.folder.join(path)));
        }
        if let Some((path, _)) = &self.manifest {
            let _ = writeln!(text, "updated the workspace members in {}", shown(path));
        }
        let contract = shown(&self.folder.join(format!("schema/{}.yaml", self.name)));
        let _ = write!(
            text,
            "\nNext: replace the example entries in {contract}, and add the crate to the dependencies of your services.\n\
             Features that services need are listed in its Cargo.toml.\n\
             `cargo otel-contract check` reports errors of the contract, `cargo check` reports code that violates it.\n"
        );
        text
    }
}

/// Validates the name of a contract.
fn validated_name(name: &str) -> Result<String, String> {
    let letters = name
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
    let first = name.starts_with(|first: char| first.is_ascii_lowercase());
    if letters && first && !names::is_keyword(name) {
        return Ok(name.to_owned());
    }
    let proper = names::rust_name(name).map(|name| name.snake);
    let help = match proper {
        Some(proper) if !proper.starts_with("r#") && proper != name => {
            format!("write `{proper}`")
        }
        _ => "use lowercase letters, digits and `_`, start with a letter, and avoid Rust keywords"
            .to_owned(),
    };
    Err(format!(
        "`{name}` is not a valid contract name\nhelp: {help}"
    ))
}

/// Returns the name of the workspace folder, if it is a valid contract name.
fn default_name(root: &Path) -> Result<String, String> {
    let folder = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = folder.as_deref().and_then(names::rust_name);
    let name = name.and_then(|name| validated_name(&name.snake).ok());
    name.ok_or_else(|| {
        "the name of the workspace folder is not a valid contract name\nhelp: pass a name: `cargo otel-contract init shop`".to_owned()
    })
}

/// Returns an error unless the folder is empty, because `init` overwrites no files.
fn require_empty(folder: &Path, here: &Path) -> Result<(), String> {
    let shown = paths::shown(&paths::relative(folder, here));
    if folder.is_file() {
        return Err(format!(
            "`{shown}` is a file\nhelp: choose another folder with `--path`"
        ));
    }
    let taken = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        return Err(format!(
            "`{shown}` is not empty\n\
             help: choose another folder with `--path`, or another name"
        ));
    }
    Ok(())
}

/// Returns the package name: the name of its folder.
fn package(folder: &Path) -> Result<String, String> {
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let letters = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let first = name.starts_with(|first: char| first.is_ascii_alphabetic());
    if letters && first {
        Ok(name)
    } else {
        Err(format!(
            "`{name}` is not a valid package name\n\
             help: use letters, digits, `-` and `_` in the folder name: `--path shop-telemetry`"
        ))
    }
}

fn new_file(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?;
    file.write_all(text.as_bytes())
}
