//! The values of an attribute: members of sets, `_OTHER`, ranges.

use super::{Breaks, Changes, Step, Subject, moved};
use otel_contract_model::Value;
use std::fmt::Display;
use std::hash::Hash;

/// The members of a closed set.
pub(super) fn compare<T: Display + Eq + Hash>(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    (was, open): (&[Value<T>], bool),
    (is, _): (&[Value<T>], bool),
    dashboards: Breaks,
) {
    let key = subject.name;
    let find =
        |values: &'_ [Value<T>], value: &T| values.iter().position(|one| one.value == *value);
    for one in is.iter().filter(|one| find(was, &one.value).is_none()) {
        let subject = Subject {
            at: &one.at,
            ..subject
        };
        let instead = if open {
            ", which was `_OTHER` before"
        } else {
            ""
        };
        let sentence = format!(
            "`{key}` has the new value `{}`{instead}: a `match` without `_` and enums that derive `AttributeValue` do not compile without it",
            one.value
        );
        changes.push(subject, "values", Breaks::CODE, Step::Minor, sentence);
    }
    for one in was.iter().filter(|one| find(is, &one.value).is_none()) {
        let subject = Subject {
            at: &one.at,
            ..subject
        };
        let sentence = format!(
            "`{key}` no longer has the value `{}`: searches for it find nothing, and code that gives it does not compile",
            one.value
        );
        let breaks = Breaks::QUERIES.and(Breaks::CODE).and(dashboards);
        changes
            .push(subject, "values", breaks, Step::Major, sentence)
            .gone = true;
    }
    for one in is {
        let Some(before) = find(was, &one.value).map(|index| &was[index]) else {
            continue;
        };
        let subject = Subject {
            at: &one.at,
            ..subject
        };
        if before.variant != one.variant {
            let sentence = format!(
                "value `{}` of `{key}` is `{}` in Rust, it was `{}`",
                one.value, one.variant, before.variant
            );
            changes.push(subject, "values", Breaks::CODE, Step::Major, sentence);
        }
        if before.brief != one.brief {
            let sentence = format!("the brief of value `{}` of `{key}` is reworded", one.value);
            changes.patch(subject, "values", sentence);
        }
        if before.deprecated != one.deprecated {
            let verb = match one.deprecated {
                Some(_) => "is deprecated: code that names it gets a warning",
                None => "is no longer deprecated",
            };
            let sentence = format!("value `{}` of `{key}` {verb}", one.value);
            changes.minor(subject, "values", sentence);
        }
    }
    if moved(&order(was), &order(is)).is_some() {
        let sentence =
            format!("the values of `{key}` stand in another order: its Rust enum compares by it");
        changes.push(subject, "values", Breaks::CODE, Step::Major, sentence);
    }
}

fn order<T>(values: &[Value<T>]) -> Vec<&T> {
    values.iter().map(|one| &one.value).collect()
}

pub(super) fn other(changes: &mut Changes<'_>, subject: Subject<'_>, was: bool, is: bool) {
    let key = subject.name;
    if is && !was {
        let sentence = format!(
            "`{key}` takes values from outside as `_OTHER`: a `match` without `_` does not compile without `Other`"
        );
        changes.push(subject, "other", Breaks::CODE, Step::Major, sentence);
    } else if was && !is {
        let sentence = format!(
            "`{key}` is final: `_OTHER` is not recorded any more, and code that gives other values does not compile"
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
    let moved = format!(
        "`{key}` ranges from {} to {}, it was {} to {}",
        is.0, is.1, was.0, was.1
    );
    if is.0 <= was.0 && was.1 <= is.1 {
        let sentence = format!("{moved}: every value taken so far still is");
        changes.minor(subject, "range", sentence);
    } else {
        let sentence = format!("{moved}: values taken so far are refused");
        changes.push(subject, "range", Breaks::CODE, Step::Major, sentence);
    }
}
