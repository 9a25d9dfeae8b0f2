//! Pending changes of `--fix`.

use crate::discover::identity;
use crate::paths;
use crate::save;
use crate::words;
use otel_contract_model::SourceFile;
use otel_contract_model::text::visible;
use similar::TextDiff;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Changed files by canonical path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    files: BTreeMap<PathBuf, Change>,
}

#[derive(Clone, Debug)]
struct Change {
    /// Path for messages.
    name: String,
    /// Previous text; `None` for a new file.
    before: Option<String>,
    after: String,
    /// Number of changed places.
    places: usize,
    /// All paths by which contracts refer to the file.
    paths: Vec<PathBuf>,
}

impl Changes {
    /// Returns the new texts, under every path by which contracts refer to the files.
    pub(crate) fn texts(&self) -> HashMap<PathBuf, String> {
        let files = self.files.values();
        files
            .flat_map(|file| {
                file.paths
                    .iter()
                    .map(|path| (path.clone(), file.after.clone()))
            })
            .collect()
    }

    /// Adds paths that lead to changed files. Returns whether any path was new.
    pub(super) fn add_paths<'p>(&mut self, paths: impl Iterator<Item = &'p PathBuf>) -> bool {
        let mut new = false;
        for path in paths {
            if let Some(file) = self.files.get_mut(&identity(path))
                && !file.paths.contains(path)
            {
                file.paths.push(path.clone());
                new = true;
            }
        }
        new
    }

    /// Sets the new text of a file.
    pub(super) fn set(&mut self, source: &SourceFile, text: String, places: usize) {
        let file = self.files.entry(identity(&source.path));
        let file = file.or_insert_with(|| Change {
            name: source.name.to_string(),
            before: Some(source.text.clone()),
            after: String::new(),
            places: 0,
            paths: vec![source.path.clone()],
        });
        file.after = text;
        file.places += places;
    }

    /// Adds a new file.
    pub(super) fn create(&mut self, path: &Path, text: String) {
        let here = std::env::current_dir().and_then(|folder| folder.canonicalize());
        let name = here.map_or_else(|_| path.to_owned(), |here| paths::relative(path, &here));
        self.files.entry(path.to_owned()).or_insert_with(|| Change {
            name: paths::shown(&name),
            before: None,
            after: text,
            places: 1,
            paths: Vec::new(),
        });
    }

    /// Returns the changes as a diff, with their number.
    pub(crate) fn diff_text(&self, colored: bool, dry_run: bool) -> String {
        let mut text = String::new();
        for file in self.files.values() {
            match &file.before {
                Some(before) => text.push_str(&diff(&file.name, before, &file.after, colored)),
                None => {
                    let _ = writeln!(text, "new file {}", file.name);
                }
            }
        }
        let places: usize = self.files.values().map(|file| file.places).sum();
        let done = if dry_run { "would fix" } else { "fixed" };
        match places {
            0 => text.push_str("nothing to fix automatically\n"),
            _ => {
                let places = words::count(places, "place");
                let files = words::count(self.files.len(), "file");
                let _ = writeln!(text, "{done} {places} in {files}");
            }
        }
        text.push('\n');
        text
    }

    /// Writes each file atomically.
    pub(crate) fn save(&self) -> Result<(), String> {
        for (path, file) in &self.files {
            let shown = &file.name;
            let failed = |error: std::io::Error| format!("`{shown}` cannot be written: {error}");
            let Some(before) = &file.before else {
                save::replace(path, &file.after).map_err(failed)?;
                continue;
            };
            let now = fs::read_to_string(path).map_err(failed)?;
            let (mark, text) = match now.strip_prefix('\u{feff}') {
                Some(text) => ("\u{feff}", text),
                None => ("", now.as_str()),
            };
            if text != before {
                return Err(format!(
                    "`{shown}` was modified in the meantime; its fixes are not written"
                ));
            }
            save::replace(path, &format!("{mark}{}", file.after)).map_err(failed)?;
        }
        Ok(())
    }
}

fn diff(name: &str, before: &str, after: &str, colored: bool) -> String {
    let diff = TextDiff::from_lines(before, after);
    let unified = diff
        .unified_diff()
        .context_radius(2)
        .header(name, name)
        .missing_newline_hint(false)
        .to_string();
    let escaped = visible(&unified);
    if !colored {
        return escaped;
    }
    let mut text = String::new();
    for line in escaped.lines() {
        let color = match line.bytes().next() {
            Some(b'+') => "32",
            Some(b'-') => "31",
            Some(b'@') => "36",
            _ => "0",
        };
        let _ = writeln!(text, "\x1b[{color}m{line}\x1b[0m");
    }
    text
}
