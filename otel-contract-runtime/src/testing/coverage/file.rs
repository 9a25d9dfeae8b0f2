//! The coverage file of this process, for reports over a whole test run.
//!
//! With `OTEL_CONTRACT_COVERAGE`, each process writes a file of its own to that folder. The file is replaced whenever a
//! test meets another entry, so a process may end in any way. `cargo otel-contract coverage` merges the files; its
//! `coverage/files.rs` describes the format.

use super::recorded::Recorded;
use crate::description::Contract;
use crate::testing::recording::{Point, Record, Recording, Span};
use crate::testing::report::Report;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use std::{fs, io, process};

/// Variable with the folder of the coverage files.
const VARIABLE: &str = "OTEL_CONTRACT_COVERAGE";

/// Coverage of this process; `None` without the variable.
static COVERAGE: LazyLock<Option<Coverage>> = LazyLock::new(|| {
    // As for the variables of OpenTelemetry, an empty value counts as not set.
    let folder = std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty())?;
    Some(Coverage::of(PathBuf::from(folder)))
});

/// Prepares the coverage file, so that an unusable folder fails the first test.
///
/// # Panics
///
/// Panics if the file cannot be written.
#[track_caller]
pub(in crate::testing) fn begin() {
    if let Some(coverage) = &*COVERAGE {
        coverage.begin();
        coverage.check();
    }
}

/// Adds the entries that a span recorded.
pub(in crate::testing) fn note_span(span: impl FnOnce() -> Span) {
    if let Some(coverage) = &*COVERAGE {
        let span = span();
        coverage.note_known(|recorded| recorded.add_span(&span));
    }
}

/// Adds the entries that a log record recorded.
pub(in crate::testing) fn note_record(record: &Record) {
    if let Some(coverage) = &*COVERAGE {
        coverage.note_known(|recorded| recorded.add_record(record));
    }
}

/// Adds the entries that metric points recorded.
pub(in crate::testing) fn note_points(points: &[Point]) {
    if let Some(coverage) = &*COVERAGE {
        coverage.note_known(|recorded| {
            for point in points {
                recorded.add_point(point);
            }
        });
    }
}

/// Adds the entries of a contract that a recording contains. An assertion on a recording of another origin calls this:
/// its telemetry did not pass through a test scope.
///
/// # Panics
///
/// Panics if the file cannot be written.
#[track_caller]
pub(in crate::testing) fn note_recording(contract: &'static Contract, recording: &Recording) {
    if let Some(coverage) = &*COVERAGE {
        coverage.note([Recorded::of(contract, recording)]);
        coverage.check();
    }
}

/// Whether this process writes a coverage file.
pub(in crate::testing) fn is_enabled() -> bool {
    COVERAGE.is_some()
}

/// Reports an earlier failure to write the file. Code that records telemetry must not panic, but a test may.
///
/// # Panics
///
/// Panics if the file cannot be written.
#[track_caller]
pub(in crate::testing) fn check() {
    if let Some(coverage) = &*COVERAGE {
        coverage.check();
    }
}

#[derive(Debug)]
struct Coverage {
    folder: PathBuf,
    /// File name before the number of the process.
    program: OsString,
    /// Time of the first access. Processes with equal numbers, such as those of two containers, have different files.
    began: u128,
    met: Mutex<Met>,
}

/// What the tests of this process have met.
#[derive(Debug, Default)]
struct Met {
    /// Names of entries by name and version of their contract.
    entries: BTreeMap<(&'static str, &'static str), BTreeSet<String>>,
    has_begun: bool,
    /// Why the file could not be written the last time.
    failure: Option<String>,
}

impl Coverage {
    fn of(folder: PathBuf) -> Self {
        let program = std::env::current_exe().ok();
        let program = program.as_deref().and_then(Path::file_stem);
        let began = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            folder,
            program: program.unwrap_or("test".as_ref()).to_owned(),
            began: began.map_or(0, |began| began.as_nanos()),
            met: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Met> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) {
        let mut met = self.lock();
        if !met.has_begun {
            self.save(&mut met);
        }
    }

    /// Adds entries of the contracts that this process has used.
    fn note_known(&self, add: impl Fn(&mut Recorded)) {
        let contracts = crate::telemetry::known_contracts().into_iter();
        let descriptions = contracts.filter_map(|contract| contract.description);
        self.note(descriptions.map(|contract| {
            let mut recorded = Recorded::new(contract);
            add(&mut recorded);
            recorded
        }));
    }

    /// Adds entries, and writes the file if any of them is new.
    fn note(&self, recorded: impl IntoIterator<Item = Recorded>) {
        let mut met = self.lock();
        let mut is_new = false;
        for recorded in recorded {
            let contract = recorded.contract();
            let key = (contract.name, contract.version);
            let names = recorded.into_names();
            if names.is_empty() {
                continue;
            }
            let known = met.entries.entry(key).or_default();
            for name in names {
                is_new |= known.insert(name);
            }
        }
        if is_new || met.failure.is_some() {
            self.save(&mut met);
        }
    }

    /// Writes the file. The lock is held, so that a later state is never replaced by an earlier one.
    fn save(&self, met: &mut Met) {
        met.has_begun = true;
        met.failure = if self.folder.is_absolute() {
            self.write(&met.entries).err().map(|error| {
                format!(
                    "coverage cannot be written to `{}`: {error}\
                     \n  = help: `{VARIABLE}` names the folder; it is created if it does not exist",
                    self.folder.display(),
                )
            })
        } else {
            let folder = self.folder.display();
            Some(format!(
                "`{VARIABLE}` is the relative path `{folder}`\
                 \n  = help: `{VARIABLE}=\"$PWD/{folder}\"`: cargo runs the tests of each package in the folder of the \
                 package",
            ))
        };
    }

    fn write(
        &self,
        entries: &BTreeMap<(&'static str, &'static str), BTreeSet<String>>,
    ) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut name = self.program.clone();
        // Read each time, because a forked process has the state of its parent, but needs a file of its own.
        name.push(format!("-{}-{}", process::id(), self.began));
        let path = self.folder.join(&name);
        let (temporary, file) = (
            with_suffix(&path, ".new"),
            with_suffix(&path, ".otel-coverage"),
        );
        fs::write(&temporary, text(entries))?;
        fs::rename(&temporary, &file)
    }

    #[track_caller]
    fn check(&self) {
        let failure = self.lock().failure.clone();
        if let Some(failure) = failure {
            Report::new(failure).fail();
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    PathBuf::from(path)
}

/// Returns the content of the file.
fn text(entries: &BTreeMap<(&'static str, &'static str), BTreeSet<String>>) -> String {
    let mut text = "otel-contract coverage 1\n".to_owned();
    for ((name, version), entries) in entries {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "contract {name} {version}");
        for entry in entries {
            for character in entry.chars() {
                match character {
                    '\\' => text.push_str("\\\\"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    character => text.push(character),
                }
            }
            text.push('\n');
        }
    }
    text.push_str("end\n");
    text
}
