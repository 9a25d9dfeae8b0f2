//! What changed between two versions of a contract, what it breaks, and which version that needs.
//!
//! Three kinds of readers depend on a vocabulary, and a change may break each of them alone:
//!
//! - **queries**: searches over stored spans and logs, by key, value and span name;
//! - **dashboards**: charts and alerts over metrics, by name, unit, dimension and bucket;
//! - **code**: Rust code against the generated module, as `cargo check` sees it.
//!
//! Whatever breaks one of them is a major change. What adds, loosens or makes something known is a
//! minor one; what only words notice is a patch. How settled an entry is (`stability`) changes
//! nothing in that: who says nothing has said `development`, and is depended on all the same.

mod attributes;
mod operations;
pub(crate) mod output;
mod recording;
mod rest;
mod rules;
mod series;
mod signals;
#[cfg(test)]
mod tests;
mod uses;
mod values;
mod version;

use otel_contract_model::{Contract, Deprecated, Location};
use std::collections::HashSet;
use std::hash::Hash;

pub(crate) use series::{SeriesChange, bounds};
pub(crate) use version::Verdict;

/// Which part of a version a change moves.
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

/// Whom a change breaks.
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

    /// What either of them breaks.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::of(
            self.queries || other.queries,
            self.dashboards || other.dashboards,
            self.code || other.code,
        )
    }

    /// Itself where it applies, else nothing.
    pub(crate) fn when(self, applies: bool) -> Self {
        if applies { self } else { Self::NOTHING }
    }

    pub(crate) fn is_nothing(self) -> bool {
        self == Self::NOTHING
    }

    /// Those that break, in words.
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

/// What changed.
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

/// One change of one field of one entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) kind: Kind,
    /// The entry: an attribute's key, an operation's name.
    pub(crate) name: String,
    /// The field as the contract writes it; for a whole entry `added` or `removed`.
    pub(crate) field: &'static str,
    pub(crate) step: Step,
    pub(crate) breaks: Breaks,
    /// What changed and what follows, as one sentence without a full stop.
    pub(crate) sentence: String,
    /// How to have it without breaking anything, where there is a way.
    pub(crate) help: Option<String>,
    /// Where it stands now; of what is gone, where it stood.
    pub(crate) at: Location,
    /// Whether `at` is in the old contract.
    pub(crate) gone: bool,
}

/// What one version of a contract is to the one before.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    /// By entry, in the order of the kinds and of the new contract.
    pub(crate) changes: Vec<Change>,
    /// Every metric whose bound is another.
    pub(crate) series: Vec<SeriesChange>,
    /// The largest step of all; `None`: nothing changed.
    pub(crate) step: Option<Step>,
    pub(crate) verdict: Verdict,
}

/// Compares two sound contracts.
pub(crate) fn compare(old: &Contract, new: &Contract) -> Comparison {
    let mut changes = Changes {
        old,
        new,
        all: Vec::new(),
    };
    rest::contract(&mut changes);
    attributes::all(&mut changes);
    rest::groups(&mut changes);
    rest::errors(&mut changes);
    operations::all(&mut changes);
    signals::metrics(&mut changes);
    signals::events(&mut changes);
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

/// The changes while they are found.
struct Changes<'a> {
    old: &'a Contract,
    new: &'a Contract,
    all: Vec<Change>,
}

/// Whose fields are being compared.
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
    /// A change that breaks what it says; where that is nothing, it is `otherwise`.
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
            gone: false,
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
        was: Option<&Deprecated>,
        sentence: String,
    ) {
        let notice = rules::notice(was, &self.new.version);
        let change = self.push(
            subject,
            "removed",
            breaks,
            Step::Patch,
            format!("{sentence}{notice}"),
        );
        change.gone = true;
    }
}

/// The entries of two lists by name: those only in the old, those in both, those only in the new.
struct Paired<'a, T> {
    removed: Vec<&'a T>,
    kept: Vec<(&'a T, &'a T)>,
    added: Vec<&'a T>,
}

/// The first name that stands in another order among those that both sides have. Names that came or went move no
/// others.
fn moved<'n, N: Eq + Hash + ?Sized>(old: &[&'n N], new: &[&'n N]) -> Option<&'n N> {
    let kept = |names: &[&'n N], others: &[&'n N]| -> Vec<&'n N> {
        let others: HashSet<&N> = others.iter().copied().collect();
        let names = names.iter().copied();
        names.filter(|name| others.contains(name)).collect()
    };
    let (before, now) = (kept(old, new), kept(new, old));
    let mut places = now.into_iter().zip(before);
    places
        .find(|(now, before)| now != before)
        .map(|(now, _)| now)
}

fn pair<'a, T>(old: &'a [T], new: &'a [T], name: impl Fn(&T) -> &str) -> Paired<'a, T> {
    use std::collections::HashMap;
    let by_name: HashMap<&str, &T> = old.iter().map(|one| (name(one), one)).collect();
    let names: HashMap<&str, &T> = new.iter().map(|one| (name(one), one)).collect();
    let (mut kept, mut added) = (Vec::new(), Vec::new());
    for one in new {
        match by_name.get(name(one)) {
            Some(before) => kept.push((*before, one)),
            None => added.push(one),
        }
    }
    let removed = old.iter().filter(|one| !names.contains_key(name(one)));
    Paired {
        removed: removed.collect(),
        kept,
        added,
    }
}
