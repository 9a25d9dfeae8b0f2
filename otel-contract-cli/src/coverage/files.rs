//! Coverage files, which test processes write. `coverage/file.rs` of the testing kit writes this format:
//!
//! ```text
//! otel-contract coverage 1
//! contract billing 1.2.0
//! operation invoice.create
//! value account.tier = pro
//! end
//! ```

use crate::paths;
use std::fs;
use std::path::{Path, PathBuf};

/// First line of a file, before the number of the format.
const HEADER: &str = "otel-contract coverage ";

/// Number of the format that this version reads.
const FORMAT: &str = "1";

/// Last line of a file. A file without it is incomplete.
const END: &str = "end";

/// Extension of coverage files. Other files of a folder are not read.
const EXTENSION: &str = "otel-coverage";

/// A file that one test process wrote.
#[derive(Debug)]
pub(crate) struct CoverageFile {
    /// Path for messages.
    pub(crate) shown: String,
    pub(crate) contracts: Vec<RecordedContract>,
}

/// The entries of one contract that a test process recorded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RecordedContract {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Names of the entries.
    pub(crate) entries: Vec<String>,
}

/// Returns the coverage files of a folder and its subfolders, in the order of their paths.
pub(crate) fn find(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let shown = paths::shown(folder);
    if !folder.exists() {
        return Err(format!("the folder `{shown}` does not exist\n{HELP}"));
    }
    if !folder.is_dir() {
        return Err(format!("`{shown}` is not a folder\n{HELP}"));
    }
    let mut found = Vec::new();
    search(folder, &mut found)?;
    found.sort();
    Ok(found)
}

/// Advice for a folder without coverage files.
pub(crate) const HELP: &str = "help: the test processes write it: \
    `OTEL_CONTRACT_COVERAGE=\"$PWD/target/otel-coverage\" cargo test`";

fn search(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let unreadable = |error: std::io::Error| {
        let shown = paths::shown(folder);
        format!("the folder `{shown}` cannot be read: {error}")
    };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            search(&path, found)?;
        } else if path.extension().is_some_and(|known| known == EXTENSION) {
            found.push(path);
        }
    }
    Ok(())
}

/// Reads a coverage file, or returns the reason why it cannot be used.
pub(crate) fn read(path: &Path) -> Result<CoverageFile, String> {
    let shown = paths::shown(path);
    let text = fs::read_to_string(path)
        .map_err(|error| format!("the coverage file `{shown}` cannot be read: {error}"))?;
    let contracts =
        parse(&text).map_err(|reason| format!("the coverage file `{shown}` {reason}"))?;
    Ok(CoverageFile { shown, contracts })
}

fn parse(text: &str) -> Result<Vec<RecordedContract>, String> {
    const BROKEN: &str = "help: remove it, and run its tests again";
    let mut lines = text.lines().enumerate();
    let header = lines.next().map_or("", |(_, line)| line);
    match header.strip_prefix(HEADER) {
        Some(FORMAT) => {}
        Some(other) => {
            return Err(format!(
                "has format `{other}`, but this command reads format {FORMAT}\n\
                 help: use the command line of the same version as the crate `otel-contract` of the tests"
            ));
        }
        None => {
            return Err(format!("does not begin with `{HEADER}{FORMAT}`\n{BROKEN}"));
        }
    }
    let mut contracts: Vec<RecordedContract> = Vec::new();
    for (index, line) in lines.by_ref() {
        if line == END {
            return match lines.next() {
                None => Ok(contracts),
                Some((index, _)) => Err(format!(
                    "continues after `{END}` in line {}\n{BROKEN}",
                    index + 1
                )),
            };
        }
        let unexpected = || format!("is broken in line {}\n{BROKEN}", index + 1);
        if let Some(contract) = line.strip_prefix("contract ") {
            let (name, version) = contract.split_once(' ').ok_or_else(unexpected)?;
            contracts.push(RecordedContract {
                name: name.to_owned(),
                version: version.to_owned(),
                entries: Vec::new(),
            });
        } else {
            let contract = contracts.last_mut().ok_or_else(unexpected)?;
            contract
                .entries
                .push(unescape(line).ok_or_else(unexpected)?);
        }
    }
    Err(format!(
        "is incomplete: it does not end with `{END}`\n{BROKEN}"
    ))
}

/// Replaces `\n`, `\r` and `\\`. Returns `None` for another character after a backslash.
fn unescape(line: &str) -> Option<String> {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
            character => character,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "otel-contract coverage 1\n\
        contract shop 1.0.0\n\
        operation order.place\n\
        value order.channel = a\\nb\\\\c\n\
        contract stock 0.1.0\n\
        end\n";

    #[test]
    fn a_file_lists_entries_by_contract() {
        let contracts = parse(FILE).expect("a valid file");
        let [shop, stock] = &contracts[..] else {
            panic!("two contracts")
        };
        assert_eq!((&*shop.name, &*shop.version), ("shop", "1.0.0"));
        let entries = ["operation order.place", "value order.channel = a\nb\\c"];
        assert_eq!(shop.entries, entries);
        assert_eq!((&*stock.name, stock.entries.len()), ("stock", 0));
    }

    /// A file may be truncated by an interrupted copy. Only a complete file is accepted.
    #[test]
    fn no_truncated_file_is_accepted() {
        for length in 0..FILE.len() - 1 {
            assert!(parse(&FILE[..length]).is_err(), "{}", &FILE[..length]);
        }
        assert!(parse(FILE.trim_end()).is_ok());
    }

    #[test]
    fn broken_files_are_rejected_with_their_line() {
        for (text, reason) in [
            ("", "does not begin with"),
            ("{}\n", "does not begin with"),
            ("otel-contract coverage 2\nend\n", "has format `2`"),
            (
                "otel-contract coverage 1\noperation a\nend\n",
                "is broken in line 2",
            ),
            (
                "otel-contract coverage 1\ncontract shop\nend\n",
                "is broken in line 2",
            ),
            (
                "otel-contract coverage 1\ncontract a 1.0.0\nvalue a = \\x\nend\n",
                "is broken in line 3",
            ),
            (
                "otel-contract coverage 1\nend\nend\n",
                "continues after `end` in line 3",
            ),
        ] {
            let error = parse(text).expect_err("a broken file");
            assert!(error.starts_with(reason), "{text:?}: {error}");
        }
    }
}
