//! Changes between two versions of a contract, their effects, and the version they require.
//!
//! A change can break three kinds of users:
//!
//! - **queries**: searches over stored spans and logs, by key, value and span name;
//! - **dashboards**: charts and alerts over metrics, by name, unit, dimension and bucket;
//! - **code**: Rust code that uses the generated module, as `cargo check` sees it.
//!
//! A change that breaks any of them is major. Additions, loosened rules and deprecations are minor; changed
//! descriptions are patches. The rules are the same for entries of every `stability`: it defaults to
//! `development`, and users depend on such entries too.

mod attributes;
mod entries;
mod operations;
pub(crate) mod output;
mod recording;
mod rest;
mod routes;
mod rules;
mod series;
mod signals;
#[cfg(test)]
mod tests;
mod uses;
mod values;
mod version;

use otel_contract_model::{Contract, Deprecated, Location};

pub(crate) use series::{SeriesChange, bounds};
pub(crate) use version::Verdict;

/// Part of the version that a change raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Patch,
    Minor,
    Major,
}

impl Step {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// Users that a change breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Breaks {
    pub(crate) queries: bool,
    pub(crate) dashboards: bool,
    pub(crate) code: bool,
}

impl Breaks {
    pub(crate) const NOTHING: Self = Self::of(false, false, false);
    pub(crate) const QUERIES: Self = Self::of(true, false, false);
    pub(crate) const DASHBOARDS: Self = Self::of(false, true, false);
    pub(crate) const CODE: Self = Self::of(false, false, true);
    pub(crate) const ALL: Self = Self::of(true, true, true);

    const fn of(queries: bool, dashboards: bool, code: bool) -> Self {
        Self {
            queries,
            dashboards,
            code,
        }
    }

    /// Returns the union.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::of(
            self.queries || other.queries,
            self.dashboards || other.dashboards,
            self.code || other.code,
        )
    }

    /// Returns `self` if the condition holds, otherwise nothing.
    pub(crate) fn when(self, applies: bool) -> Self {
        if applies { self } else { Self::NOTHING }
    }

    pub(crate) fn is_nothing(self) -> bool {
        self == Self::NOTHING
    }

    /// Returns the names of the broken users.
    pub(crate) fn words(self) -> Vec<&'static str> {
        let all = [
            (self.queries, "queries"),
            (self.dashboards, "dashboards"),
            (self.code, "code"),
        ];
        all.into_iter()
            .filter_map(|(breaks, word)| breaks.then_some(word))
            .collect()
    }
}

/// Kind of a changed entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Contract,
    Attribute,
    Group,
    Error,
    Operation,
    Metric,
    Event,
    Resource,
    Baggage,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Attribute => "attribute",
            Self::Group => "group",
            Self::Error => "error",
            Self::Operation => "operation",
            Self::Metric => "metric",
            Self::Event => "event",
            Self::Resource => "resource",
            Self::Baggage => "baggage",
        }
    }
}

/// Change of one field of one entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) kind: Kind,
    /// Name of the entry, such as the key of an attribute.
    pub(crate) name: String,
    /// Field as written in the contract; `added` or `removed` for a whole entry.
    pub(crate) field: &'static str,
    pub(crate) step: Step,
    pub(crate) breaks: Breaks,
    /// The change and its effects, as a single sentence without a full stop.
    pub(crate) sentence: String,
    /// Advice for avoiding the breakage, if possible.
    pub(crate) help: Option<String>,
    /// Location in the new contract, or in the old contract for removed entries.
    pub(crate) at: Location,
    /// Whether `at` refers to the old contract.
    pub(crate) is_removed: bool,
}

/// Result of comparing two versions of a contract.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    /// Changes by kind, in the order of the new contract.
    pub(crate) changes: Vec<Change>,
    /// Metrics with a different bound.
    pub(crate) series: Vec<SeriesChange>,
    /// The largest step; `None` if there are no changes.
    pub(crate) step: Option<Step>,
    pub(crate) verdict: Verdict,
}

/// Compares two contracts.
pub(crate) fn compare(old: &Contract, new: &Contract) -> Comparison {
    let mut changes = Changes {
        old,
        new,
        all: Vec::new(),
    };
    rest::contract(&mut changes);
    entries::compare(&mut changes, &old.attributes, &new.attributes);
    entries::compare(&mut changes, &old.groups, &new.groups);
    entries::compare(&mut changes, &old.errors, &new.errors);
    rest::error_order(&mut changes);
    entries::compare(&mut changes, &old.operations, &new.operations);
    entries::compare(&mut changes, &old.metrics, &new.metrics);
    entries::compare(&mut changes, &old.events, &new.events);
    rest::resource(&mut changes);
    rest::baggage(&mut changes);
    let changes = changes.all;
    let step = changes.iter().map(|change| change.step).max();
    Comparison {
        series: series::changes(old, new),
        verdict: version::verdict(&old.version, &new.version, step),
        changes,
        step,
    }
}

/// Collects the changes.
struct Changes<'a> {
    old: &'a Contract,
    new: &'a Contract,
    all: Vec<Change>,
}

/// The compared entry.
#[derive(Clone, Copy)]
struct Subject<'a> {
    kind: Kind,
    name: &'a str,
    at: &'a Location,
}

impl<'a> Subject<'a> {
    fn new(kind: Kind, name: &'a str, at: &'a Location) -> Self {
        Self { kind, name, at }
    }

    /// ``operation `invoice.create` ``.
    fn phrase(self) -> String {
        match self.kind {
            Kind::Resource => "the resource".to_owned(),
            Kind::Baggage => "the baggage".to_owned(),
            Kind::Error => format!("error class `{}`", self.name),
            kind => format!("{} `{}`", kind.word(), self.name),
        }
    }
}

impl Changes<'_> {
    /// Adds a change. If the change breaks no users, its step is `otherwise`.
    fn push(
        &mut self,
        subject: Subject<'_>,
        field: &'static str,
        breaks: Breaks,
        otherwise: Step,
        sentence: String,
    ) -> &mut Change {
        let step = if breaks.is_nothing() {
            otherwise
        } else {
            Step::Major
        };
        let index = self.all.len();
        self.all.push(Change {
            kind: subject.kind,
            name: subject.name.to_owned(),
            field,
            step,
            breaks,
            sentence,
            help: None,
            at: subject.at.clone(),
            is_removed: false,
        });
        &mut self.all[index]
    }

    fn minor(&mut self, subject: Subject<'_>, field: &'static str, sentence: String) {
        self.push(subject, field, Breaks::NOTHING, Step::Minor, sentence);
    }

    fn patch(&mut self, subject: Subject<'_>, field: &'static str, sentence: String) {
        self.push(subject, field, Breaks::NOTHING, Step::Patch, sentence);
    }

    fn added(&mut self, subject: Subject<'_>, sentence: String) {
        self.minor(subject, "added", sentence);
    }

    fn removed(
        &mut self,
        subject: Subject<'_>,
        breaks: Breaks,
        deprecated: Option<&Deprecated>,
        sentence: String,
    ) {
        let notice = rules::notice(deprecated, &self.new.version);
        let change = self.push(
            subject,
            "removed",
            breaks,
            Step::Patch,
            format!("{sentence}{notice}"),
        );
        change.is_removed = true;
    }
}
