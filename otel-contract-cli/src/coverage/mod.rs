//! Coverage of contracts by a whole test run, merged from the files of its processes.

mod entries;
mod files;
mod output;

pub(crate) use entries::Entry;
pub(crate) use files::{CoverageFile, HELP, find, read};
pub(crate) use output::{json, percent, text};

use otel_contract_model::Contract;
use std::collections::{BTreeMap, BTreeSet};

/// The coverage of the selected contracts.
#[derive(Debug)]
pub(crate) struct Coverage<'a> {
    pub(crate) contracts: Vec<ContractCoverage<'a>>,
    /// Number of files that were merged.
    pub(crate) files: usize,
    /// Contracts in the files that were not selected, with their versions.
    pub(crate) others: BTreeSet<(String, String)>,
    /// Entries of the files that could not be counted, with advice.
    pub(crate) problems: Vec<String>,
}

/// The coverage of one contract.
#[derive(Debug)]
pub(crate) struct ContractCoverage<'a> {
    pub(crate) contract: &'a Contract,
    /// Path of the root file.
    pub(crate) file: String,
    /// Number of required entries that tests recorded.
    pub(crate) met: usize,
    /// Required entries that no test recorded.
    pub(crate) unmet: Vec<Entry<'a>>,
    /// Excluded entries.
    pub(crate) excluded: Vec<Excluded>,
}

/// An entry that the user excluded.
#[derive(Debug)]
pub(crate) struct Excluded {
    pub(crate) name: String,
    /// Whether a test recorded the entry, so that it need not be excluded.
    pub(crate) met: bool,
}

/// Numbers of met and of required entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) met: usize,
    pub(crate) total: usize,
}

impl ContractCoverage<'_> {
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            met: self.met,
            total: self.met + self.unmet.len(),
        }
    }
}

impl Coverage<'_> {
    /// Returns the numbers of all contracts together.
    pub(crate) fn counts(&self) -> Counts {
        let all = self.contracts.iter().map(ContractCoverage::counts);
        all.fold(Counts::default(), |sum, counts| Counts {
            met: sum.met + counts.met,
            total: sum.total + counts.total,
        })
    }
}

/// Merges files. `contracts`: the selected contracts with the paths of their files. `excluded`: names of entries that tests
/// need not record.
pub(crate) fn merge<'a>(
    files: &[CoverageFile],
    contracts: &'a [(String, Contract)],
    excluded: &[String],
) -> Coverage<'a> {
    let mut merged = Merged::default();
    for file in files {
        merged.add(file, contracts);
    }
    let covered = contracts.iter().map(|(file, contract)| {
        let key = (contract.name.clone(), contract.version.clone());
        let recorded = merged.recorded.get(&key);
        let is_met = |name: &str| recorded.is_some_and(|recorded| recorded.contains(name));
        of_contract(file, contract, is_met, excluded)
    });
    Coverage {
        contracts: covered.collect(),
        files: files.len(),
        others: merged.others,
        problems: merged.stale.into_iter().map(Stale::message).collect(),
    }
}

fn of_contract<'a>(
    file: &str,
    contract: &'a Contract,
    is_met: impl Fn(&str) -> bool,
    excluded: &[String],
) -> ContractCoverage<'a> {
    let (required, left_out): (Vec<Entry<'_>>, Vec<Entry<'_>>) = entries::required(contract)
        .into_iter()
        .partition(|entry| !excluded.contains(&entry.name));
    let (met, unmet): (Vec<_>, Vec<_>) =
        required.into_iter().partition(|entry| is_met(&entry.name));
    let excluded = left_out.into_iter().map(|entry| Excluded {
        met: is_met(&entry.name),
        name: entry.name,
    });
    ContractCoverage {
        contract,
        file: file.to_owned(),
        met: met.len(),
        unmet,
        excluded: excluded.collect(),
    }
}

/// The entries of all files.
#[derive(Default)]
struct Merged {
    /// Names of the recorded entries by contract and version.
    recorded: BTreeMap<(String, String), BTreeSet<String>>,
    others: BTreeSet<(String, String)>,
    stale: Vec<Stale>,
}

impl Merged {
    fn add(&mut self, file: &CoverageFile, contracts: &[(String, Contract)]) {
        for recorded in &file.contracts {
            let key = (recorded.name.clone(), recorded.version.clone());
            let named = contracts.iter().map(|(_, contract)| contract);
            let named: Vec<&Contract> = named
                .filter(|contract| contract.name == recorded.name)
                .collect();
            let same: Vec<&Contract> = named
                .iter()
                .copied()
                .filter(|contract| contract.version == recorded.version)
                .collect();
            let Some(first) = named.first() else {
                self.others.insert(key);
                continue;
            };
            if same.is_empty() {
                let current = first.version.clone();
                self.add_stale(file, key, StaleReason::Version { current });
                continue;
            }
            let exists = |name: &str| same.iter().any(|one| entries::exists(one, name));
            for name in &recorded.entries {
                if exists(name) {
                    let recorded = self.recorded.entry(key.clone()).or_default();
                    recorded.insert(name.clone());
                } else {
                    let entry = name.clone();
                    self.add_stale(file, key.clone(), StaleReason::Entry { entry });
                }
            }
        }
    }

    /// Adds a problem. All files with the same problem are one problem.
    fn add_stale(&mut self, file: &CoverageFile, contract: (String, String), reason: StaleReason) {
        let mut known = self.stale.iter_mut();
        match known.find(|known| known.contract == contract && known.reason == reason) {
            Some(known) => known.files += 1,
            None => self.stale.push(Stale {
                contract,
                reason,
                first: file.shown.clone(),
                files: 1,
            }),
        }
    }
}

/// Entries that were written for another text of a contract, so that they are not counted.
struct Stale {
    /// Name and version of the contract in the files.
    contract: (String, String),
    reason: StaleReason,
    /// The first of the files.
    first: String,
    /// Number of files.
    files: usize,
}

#[derive(PartialEq, Eq)]
enum StaleReason {
    /// The contract has this version now.
    Version { current: String },
    /// The contract does not have this entry.
    Entry { entry: String },
}

impl Stale {
    fn message(self) -> String {
        let (name, version) = &self.contract;
        let files = match self.files {
            1 => format!("`{}`", self.first),
            2 => format!("`{}` and another file", self.first),
            files => format!("`{}` and {} other files", self.first, files - 1),
        };
        let difference = match self.reason {
            StaleReason::Version { current } => {
                format!("contract `{name}` {version}, whose version is now {current}")
            }
            StaleReason::Entry { entry } => {
                format!("another text of contract `{name}` {version}, which has no `{entry}`")
            }
        };
        let pronoun = if self.files == 1 { "it" } else { "them" };
        format!(
            "the coverage of {files} is of {difference}\n\
             help: remove {pronoun}, and run the tests again"
        )
    }
}
