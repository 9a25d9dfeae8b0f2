//! `init`: a crate for the vocabulary, in the workspace.

mod files;
mod member;

use crate::discover;
use crate::paths;
use crate::save;
use otel_contract_model::names;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What is to be made, once it is known that it can be.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The folder of the crate.
    folder: PathBuf,
    /// The files, by their path in it.
    files: Vec<(String, String)>,
    /// The workspace's `Cargo.toml` and what it is to say, where that changes.
    manifest: Option<(PathBuf, String)>,
    name: String,
}

impl Plan {
    /// What `init` makes for a contract of this name, in this folder; both have defaults.
    pub(crate) fn new(name: Option<&str>, folder: Option<&Path>) -> Result<Plan, String> {
        let here = std::env::current_dir()
            .and_then(|here| here.canonicalize())
            .map_err(|error| format!("the current folder cannot be read: {error}"))?;
        let root = discover::workspace(&here);
        let name = match name {
            Some(name) => checked(name)?,
            None => default_name(&root)?,
        };
        let folder = match folder {
            Some(folder) => paths::normal(&here.join(folder)),
            None => root.join(format!("{}-telemetry", name.replace('_', "-"))),
        };
        refuse_taken(&folder, &here)?;
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
            files: files::all(&name, &package, inherits),
            manifest: manifest.map(|text| (root.join("Cargo.toml"), text)),
            folder,
            name,
        })
    }

    /// Makes it. The workspace learns of the crate last, when all of it is there.
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

    /// What was made, and what to do with it.
    pub(crate) fn told(&self) -> String {
        let here = std::env::current_dir().and_then(|here| here.canonicalize());
        let here = here.unwrap_or_default();
        let shown = |path: &Path| paths::shown(&paths::relative(path, &here));
        let mut text = String::new();
        for (path, _) in &self.files {
            let _ = writeln!(text, "made {}", shown(&self.folder.join(path)));
        }
        if let Some((path, _)) = &self.manifest {
            let _ = writeln!(text, "added it to the workspace in {}", shown(path));
        }
        let contract = shown(&self.folder.join(format!("schema/{}.yaml", self.name)));
        let _ = write!(
            text,
            "\nNext: put your own words into {contract}, and depend on the crate where they are used.\n\
             `cargo otel-contract check` tells what is wrong with them, `cargo check` what goes around them.\n"
        );
        text
    }
}

/// A name that can be that of a contract.
fn checked(name: &str) -> Result<String, String> {
    let letters = name
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
    let first = name.starts_with(|first: char| first.is_ascii_lowercase());
    if letters && first && !names::is_keyword(name) {
        return Ok(name.to_owned());
    }
    let proper = names::rust_name(name).map(|it| it.snake);
    let help = match proper {
        Some(proper) if !proper.starts_with("r#") && proper != name => {
            format!("write `{proper}`")
        }
        _ => "use lowercase letters, digits and `_`, beginning with a letter, and no Rust keyword"
            .to_owned(),
    };
    Err(format!(
        "`{name}` cannot be the name of a contract\nhelp: {help}"
    ))
}

/// The name of the folder of the workspace, if a contract can be called so.
fn default_name(root: &Path) -> Result<String, String> {
    let folder = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = folder.as_deref().and_then(names::rust_name);
    let name = name.and_then(|name| checked(&name.snake).ok());
    name.ok_or_else(|| {
        "the name of this folder cannot be that of a contract\nhelp: give one: `cargo otel-contract init shop`".to_owned()
    })
}

/// The folder must be free: nothing is ever written over.
fn refuse_taken(folder: &Path, here: &Path) -> Result<(), String> {
    let shown = paths::shown(&paths::relative(folder, here));
    if folder.is_file() {
        return Err(format!(
            "`{shown}` is a file\nhelp: choose another folder with `--path`"
        ));
    }
    let taken = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        return Err(format!(
            "`{shown}` is there already, and nothing is written over\n\
             help: choose another folder with `--path`, or another name"
        ));
    }
    Ok(())
}

/// The name of the package: that of its folder.
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
            "`{name}` cannot be the name of a package\n\
             help: give a folder with a name of letters, digits, `-` and `_`: `--path shop-telemetry`"
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
