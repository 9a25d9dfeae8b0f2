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
    (before, was_open): (&[Value<T>], bool),
    (now, _): (&[Value<T>], bool),
    dashboards: Breaks,
) {
    let key = subject.name;
    let find =
        |values: &'_ [Value<T>], value: &T| values.iter().position(|known| known.value == *value);
    for value in now
        .iter()
        .filter(|value| find(before, &value.value).is_none())
    {
        let subject = Subject {
            at: &value.at,
            ..subject
        };
        let instead = if was_open {
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
    for value in before
        .iter()
        .filter(|value| find(now, &value.value).is_none())
    {
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
    for value in now {
        let Some(old) = find(before, &value.value).map(|index| &before[index]) else {
            continue;
        };
        let subject = Subject {
            at: &value.at,
            ..subject
        };
        if old.variant != value.variant {
            let sentence = format!(
                "value `{}` of `{key}` is now `{}` in Rust instead of `{}`",
                value.value, value.variant, old.variant
            );
            changes.push(subject, "values", Breaks::CODE, Step::Major, sentence);
        }
        if old.brief != value.brief {
            let sentence = format!("the brief of value `{}` of `{key}` changed", value.value);
            changes.patch(subject, "values", sentence);
        }
        if old.deprecated != value.deprecated {
            let verb = match value.deprecated {
                Some(_) => "is deprecated: code that uses it gets a warning",
                None => "is no longer deprecated",
            };
            let sentence = format!("value `{}` of `{key}` {verb}", value.value);
            changes.minor(subject, "values", sentence);
        }
    }
    if moved(&order(before), &order(now)).is_some() {
        let sentence = format!(
            "the order of the values of `{key}` changed, so the order of its Rust enum changed too"
        );
        changes.push(subject, "values", Breaks::CODE, Step::Major, sentence);
    }
}

fn order<T>(values: &[Value<T>]) -> Vec<&T> {
    values.iter().map(|value| &value.value).collect()
}

pub(super) fn other(changes: &mut Changes<'_>, subject: Subject<'_>, before: bool, now: bool) {
    let key = subject.name;
    if now && !before {
        let sentence = format!(
            "`{key}` now accepts other values as `_OTHER`: a `match` without `_` must handle `Other`"
        );
        changes.push(subject, "other", Breaks::CODE, Step::Major, sentence);
    } else if before && !now {
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
    before: (i64, i64),
    now: (i64, i64),
) {
    if before == now {
        return;
    }
    let key = subject.name;
    let summary = format!(
        "`{key}` now ranges from {} to {} instead of {} to {}",
        now.0, now.1, before.0, before.1
    );
    if now.0 <= before.0 && before.1 <= now.1 {
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
    before: u32,
    now: u32,
    dashboards: Breaks,
) {
    let key = subject.name;
    let summary = format!("the limit of `{key}` is now {now} instead of {before}");
    if now > before {
        let sentence = format!("{summary}: more series, fewer values recorded as `_OTHER`");
        changes.minor(subject, "limit", sentence);
    } else {
        let sentence = format!("{summary}: more values are recorded as `_OTHER`");
        let breaks = Breaks::QUERIES.and(dashboards);
        changes.push(subject, "limit", breaks, Step::Major, sentence);
    }
}
