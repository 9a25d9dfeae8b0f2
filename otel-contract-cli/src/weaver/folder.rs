//! Finds the files of a registry and its dependencies.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use otel_contract_model::codes as model;
use otel_contract_model::{Diagnostic, Document, Node, NodeValue, Source};

use super::codes;

/// Maximum number of files. A folder with more files is not a registry.
const MAX_FILES: usize = 20_000;
/// Maximum total size.
const MAX_BYTES: u64 = 256 * 1024 * 1024;
/// Maximum depth of dependencies.
const MAX_DEPTH: usize = 50;
/// Accepted names of a manifest.
const MANIFESTS: [&str; 2] = ["manifest.yaml", "registry_manifest.yaml"];

/// The files of one registry.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) manifest: Option<Document>,
    /// Model files by path.
    pub(crate) files: Vec<Document>,
    /// Whether another registry depends on this registry.
    pub(crate) is_dependency: bool,
    /// Schema URLs of dependencies without local files.
    pub(crate) remote: Vec<String>,
}

/// Reason why a folder cannot be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The path does not exist.
    Missing(PathBuf),
    /// The path is a file.
    File(PathBuf),
    /// The folder has no registry file.
    NoModel(PathBuf),
    /// The folder has too many or too large files.
    TooMany(PathBuf),
    /// Error of the operating system.
    Io(PathBuf, std::io::Error),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Missing(path) => write!(f, "no folder `{}`", path.display()),
            Unreadable::File(path) => write!(
                f,
                "`{}` is a file, not the folder of a registry\n  help: use the folder that contains its `manifest.yaml`",
                path.display()
            ),
            Unreadable::NoModel(path) => write!(
                f,
                "`{}` contains no registry\n  help: the YAML files of a registry have `groups:` or `file_format: definition/2`",
                path.display()
            ),
            Unreadable::TooMany(path) => write!(
                f,
                "`{}` contains more than {MAX_FILES} YAML files, or more than {} MiB\n  help: use the folder of the registry only",
                path.display(),
                MAX_BYTES / 1024 / 1024
            ),
            Unreadable::Io(path, error) => {
                write!(f, "`{}` cannot be read: {}", path.display(), error.kind())
            }
        }
    }
}

impl std::error::Error for Unreadable {}

/// Reads the folder of a registry, followed by the folders of its dependencies. Each folder is read once.
pub(crate) fn read(path: &Path, errors: &mut Vec<Diagnostic>) -> Result<Vec<Folder>, Unreadable> {
    let mut folders = Folders {
        errors,
        read: Vec::new(),
        done: HashSet::new(),
        open: Vec::new(),
    };
    folders.add(path, false)?;
    folders.read.reverse();
    Ok(folders.read)
}

struct Folders<'f> {
    errors: &'f mut Vec<Diagnostic>,
    /// The folders that have been read. Dependencies come before the registries that need them.
    read: Vec<Folder>,
    done: HashSet<PathBuf>,
    open: Vec<PathBuf>,
}

impl Folders<'_> {
    fn add(&mut self, path: &Path, is_dependency: bool) -> Result<(), Unreadable> {
        let canonical = canonical(path)?;
        let mut folder = files(path, is_dependency, self.errors)?;
        self.open.push(canonical.clone());
        if let Some(manifest) = &folder.manifest {
            folder.remote = self.dependencies(path, manifest);
        }
        self.open.pop();
        self.done.insert(canonical);
        self.read.push(folder);
        Ok(())
    }

    /// Reads the dependencies with a path, and returns the schema URLs of the others.
    fn dependencies(&mut self, path: &Path, manifest: &Document) -> Vec<String> {
        let mut remote = Vec::new();
        let Some(listed) = manifest.root().get("dependencies") else {
            return remote;
        };
        if !matches!(listed.value, NodeValue::List(_) | NodeValue::Null) {
            self.wrong(manifest, listed, "a list");
        }
        for dependency in listed.items() {
            if !matches!(dependency.value, NodeValue::Map(_)) {
                self.wrong(manifest, dependency, "a mapping");
                continue;
            }
            let url = dependency
                .get("schema_url")
                .or_else(|| dependency.get("name"));
            let url = url.and_then(Node::text).unwrap_or_default();
            let path_node = dependency.get("registry_path");
            let path_node = path_node.filter(|node| !matches!(node.value, NodeValue::Null));
            let Some(node) = path_node else {
                remote.push(url.to_owned());
                continue;
            };
            let Some(text) = node.text() else {
                self.wrong(manifest, node, "a string");
                continue;
            };
            if text.contains("://") || text.contains('[') || text.starts_with("git@") {
                remote.push(text.to_owned());
                continue;
            }
            let target = path.join(text);
            match canonical(&target) {
                Ok(canonical) if self.open.contains(&canonical) => {
                    self.errors
                        .push(manifest.error(&codes::DEPENDENCY_CYCLE, node, &[&text]));
                }
                Ok(canonical) if self.done.contains(&canonical) => {}
                Ok(_) if self.open.len() >= MAX_DEPTH => {
                    let why = format!("dependencies are nested more than {MAX_DEPTH} levels deep");
                    let error = manifest.error(&codes::MISSING_DEPENDENCY, node, &[&text, &why]);
                    self.errors.push(error);
                }
                Ok(_) => {
                    if let Err(error) = self.add(&target, true) {
                        self.missing(manifest, node, text, &error);
                    }
                }
                Err(error) => self.missing(manifest, node, text, &error),
            }
        }
        remote
    }

    fn wrong(&mut self, manifest: &Document, node: &Node, expected: &str) {
        let kind = node.kind();
        self.errors
            .push(manifest.error(&codes::WRONG_SHAPE, node, &[&expected, &kind]));
    }

    fn missing(&mut self, manifest: &Document, node: &Node, text: &str, error: &Unreadable) {
        let why = match error {
            Unreadable::Missing(_) => "the folder does not exist".to_owned(),
            Unreadable::File(_) => "it is a file".to_owned(),
            Unreadable::NoModel(_) => "it contains no registry".to_owned(),
            Unreadable::TooMany(_) => "it contains too many files".to_owned(),
            Unreadable::Io(_, error) => error.kind().to_string(),
        };
        self.errors
            .push(manifest.error(&codes::MISSING_DEPENDENCY, node, &[&text, &why]));
    }
}

fn canonical(path: &Path) -> Result<PathBuf, Unreadable> {
    let canonical = fs::canonicalize(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Unreadable::Missing(path.to_owned()),
        std::io::ErrorKind::NotADirectory => Unreadable::File(path.to_owned()),
        _ => Unreadable::Io(path.to_owned(), error),
    })?;
    if canonical.is_dir() {
        Ok(canonical)
    } else {
        Err(Unreadable::File(path.to_owned()))
    }
}

/// Reads every YAML file below a folder.
fn files(
    path: &Path,
    is_dependency: bool,
    errors: &mut Vec<Diagnostic>,
) -> Result<Folder, Unreadable> {
    let mut paths = Vec::new();
    walk(path, &mut HashSet::new(), &mut paths)?;
    let sizes = paths.iter().filter_map(|path| fs::metadata(path).ok());
    if sizes.map(|metadata| metadata.len()).sum::<u64>() > MAX_BYTES {
        return Err(Unreadable::TooMany(path.to_owned()));
    }
    paths.sort();
    let mut folder = Folder {
        path: path.to_owned(),
        manifest: None,
        files: Vec::new(),
        is_dependency,
        remote: Vec::new(),
    };
    let mut broken = false;
    for file in paths {
        let shown = file.display().to_string().replace('\\', "/");
        let name = file.file_name().and_then(|name| name.to_str());
        let manifest =
            file.parent() == Some(path) && name.is_some_and(|name| MANIFESTS.contains(&name));
        match otel_contract_yaml::document(&Source::file("", &shown)) {
            Ok(document) if manifest => folder.manifest = Some(document),
            Ok(document) => folder.files.push(document),
            Err(why) => {
                broken = true;
                errors.extend(why.into_iter().map(|error| of_a_registry(error, manifest)));
            }
        }
    }
    let is_model = |document: &Document| {
        let has = |field| document.root().get(field).is_some();
        has("groups") || has("file_format") || has("version")
    };
    if !broken && !folder.files.iter().any(is_model) {
        return Err(Unreadable::NoModel(path.to_owned()));
    }
    Ok(folder)
}

/// Rephrases an error about contracts for a registry file.
fn of_a_registry(mut error: Diagnostic, of_manifest: bool) -> Diagnostic {
    let (label, help) = if *error.code == model::EMPTY_FILE {
        let help = if of_manifest {
            "begin with `schema_url:`, or remove the file"
        } else {
            "begin with `groups:` or `file_format: definition/2`, or remove the file"
        };
        (None, help)
    } else if *error.code == model::SECOND_DOCUMENT {
        (
            Some("a registry file is one YAML document"),
            "remove the `---`, or move the second document to a separate file",
        )
    } else if *error.code == model::TAG {
        "YAML tags are not supported in a registry".clone_into(&mut error.message);
        (None, "remove the `!…`; quote the value to make it a string")
    } else if *error.code == model::TOO_LARGE {
        (None, "split it: all files in the folder are read")
    } else if *error.code == model::TOO_DEEP {
        (None, "reduce the nesting")
    } else if *error.code == model::ALIAS_BOMB {
        (None, "write the values out")
    } else {
        return error;
    };
    error.help = Some(help.to_owned());
    if let Some(label) = label {
        label.clone_into(&mut error.label);
    }
    error
}

/// Collects the YAML files below a folder. Links to a parent folder are not followed.
fn walk(
    folder: &Path,
    seen: &mut HashSet<PathBuf>,
    paths: &mut Vec<PathBuf>,
) -> Result<(), Unreadable> {
    if !seen.insert(canonical(folder)?) {
        return Ok(());
    }
    let unreadable = |error| Unreadable::Io(folder.to_owned(), error);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            walk(&path, seen, paths)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml")
        {
            paths.push(path);
        }
        if paths.len() > MAX_FILES {
            return Err(Unreadable::TooMany(folder.to_owned()));
        }
    }
    Ok(())
}
