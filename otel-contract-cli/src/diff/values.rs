//! Values of an attribute: closed sets, `_OTHER` and ranges.

use super::entries::moved;
use super::{Breaks, Changes, Step, Subject};
use otel_contract_model::Value;
use std::fmt::Display;
use std::hash::Hash;

/// Compares the members of a closed set.
pub(super) fn compare<T: Display + Eq + Hash>(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    (was, open): (&[Value<T>], bool),
    (is, _): (&[Value<T>], bool),
    dashboards: Breaks,
) {
    let key = subject.name;
    let find =
        |values: &'_ [Value<T>], value: &T| values.iter().position(|known| known.value == *value);
    for value in is.iter().filter(|value| find(was, &value.value).is_none()) {
        let subject = Subject {
            at: &value.at,
            ..subject
        };
        let instead = if open {
            ", previously recorded as `_OTHER`"
        } else {
            ""
        };
        let sentence = format!(
            "`{key}` has the new value `{}`{instead}: a `match` without `_` and enums that derive `AttributeValue` must handle it",
            value.value
        );
        changes.push(subject, "values", Breaks::CODE, Step::Minor, sentence);
    }
    for value in was.iter().filter(|value| find(is, &value.value).is_none()) {
        let subject = Subject {
            at: &value.at,
            ..subject
        };
        let sentence = format!(
            "`{key}` no longer has the value `{}`: searches for it find nothing, and code that uses it does not compile",
            value.value
        );
        let breaks = Breaks::QUERIES.and(Breaks::CODE).and(dashboards);
        changes
            .push(subject, "values", breaks, Step::Major, sentence)
            .is_removed = true;
    }
    for value in is {
        let Some(before) = find(was, &value.value).map(|index| &was[index]) else {
            continue;
        };
        let subject = Subject {
            at: &value.at,
            ..subject
        };
        if before.variant != value.variant {
            let sentence = format!(
                "value `{}` of `{key}` is now `{}` in Rust instead of `{}`",
                value.value, value.variant, before.variant
            );
            changes.push(subject, "values", Breaks::CODE, Step::Major, sentence);
        }
        if before.brief != value.brief {
            let sentence = format!("the brief of value `{}` of `{key}` changed", value.value);
            changes.patch(subject, "values", sentence);
        }
        if before.deprecated != value.deprecated {
            let verb = match value.deprecated {
                Some(_) => "is deprecated: code that uses it gets a warning",
                None => "is no longer deprecated",
            };
            let sentence = format!("value `{}` of `{key}` {verb}", value.value);
            changes.minor(subject, "values", sentence);
        }
    }
    if moved(&order(was), &order(is)).is_some() {
        let sentence = format!(
            "the order of the values of `{key}` changed, so the order of its Rust enum changed too"
        );
        changes.push(subject, "values", Breaks::CODE, Step::Major, sentence);
    }
}

fn order<T>(values: &[Value<T>]) -> Vec<&T> {
    values.iter().map(|value| &value.value).collect()
}

pub(super) fn other(changes: &mut Changes<'_>, subject: Subject<'_>, was: bool, is: bool) {
    let key = subject.name;
    if is && !was {
        let sentence = format!(
            "`{key}` now accepts other values as `_OTHER`: a `match` without `_` must handle `Other`"
        );
        changes.push(subject, "other", Breaks::CODE, Step::Major, sentence);
    } else if was && !is {
        let sentence = format!(
            "`{key}` no longer accepts other values: `_OTHER` is not recorded, and code that sets other values does not compile"
        );
        let breaks = Breaks::QUERIES.and(Breaks::CODE);
        changes.push(subject, "other", breaks, Step::Major, sentence);
    }
}

pub(super) fn range(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    was: (i64, i64),
    is: (i64, i64),
) {
    if was == is {
        return;
    }
    let key = subject.name;
    let summary = format!(
        "`{key}` now ranges from {} to {} instead of {} to {}",
        is.0, is.1, was.0, was.1
    );
    if is.0 <= was.0 && was.1 <= is.1 {
        let sentence = format!("{summary}: all previous values are still accepted");
        changes.minor(subject, "range", sentence);
    } else {
        let sentence = format!("{summary}: some previous values are rejected");
        changes.push(subject, "range", Breaks::CODE, Step::Major, sentence);
    }
}

pub(super) fn limit(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    was: u32,
    is: u32,
    dashboards: Breaks,
) {
    let key = subject.name;
    let summary = format!("the limit of `{key}` is now {is} instead of {was}");
    if is > was {
        let sentence = format!("{summary}: more series, fewer values recorded as `_OTHER`");
        changes.minor(subject, "limit", sentence);
    } else {
        let sentence = format!("{summary}: more values are recorded as `_OTHER`");
        let breaks = Breaks::QUERIES.and(dashboards);
        changes.push(subject, "limit", breaks, Step::Major, sentence);
    }
}
