//! Rules for all kinds of entries: descriptions, owners and life cycle.

use super::version::Version;
use super::{Breaks, Changes, Step, Subject};
use crate::words;
use otel_contract_model::{Deprecated, LifeCycle, RustName, Severity, Stability};

/// Brief, note and life cycle of an entry. Of the life cycle, [`prose`] compares only owners, expiry and allowances.
/// Queries, dashboards and code do not depend on the compared fields.
#[derive(Clone, Copy)]
pub(super) struct Prose<'a> {
    pub(super) brief: &'a str,
    pub(super) note: Option<&'a str>,
    pub(super) life_cycle: &'a LifeCycle,
}

/// Borrows these fields from an entry. The entry must have all of them.
macro_rules! prose_of {
    ($entry:expr) => {
        $crate::diff::rules::Prose {
            brief: &$entry.brief,
            note: $entry.note.as_deref(),
            life_cycle: &$entry.life_cycle,
        }
    };
}
pub(super) use prose_of;

/// Compares descriptions, owners, expiry and allowances; each change is a patch.
pub(super) fn prose(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    old: Prose<'_>,
    new: Prose<'_>,
) {
    let name = subject.phrase();
    if old.brief != new.brief {
        changes.patch(subject, "brief", format!("the brief of {name} changed"));
    }
    if old.note != new.note {
        changes.patch(subject, "note", format!("the note of {name} changed"));
    }
    let (old, new) = (old.life_cycle, new.life_cycle);
    if old.owners != new.owners {
        let owners = match new.owners.as_slice() {
            [] => "the owners of the contract".to_owned(),
            owners => words::quoted_list(owners),
        };
        changes.patch(
            subject,
            "owners",
            format!("{name} is now owned by {owners}"),
        );
    }
    if old.expires != new.expires {
        let sentence = match &new.expires {
            Some(day) => format!("{name} now expires on {day}"),
            None => format!("{name} no longer expires"),
        };
        changes.patch(subject, "expires", sentence);
    }
    if old.allow != new.allow {
        let sentence = format!("the allowed lints changed for {name}");
        changes.patch(subject, "allow", sentence);
    }
}

/// Compares the Rust name.
pub(super) fn rust_name(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    old: &RustName,
    new: &RustName,
) {
    if old != new {
        let (name, before, now) = (subject.phrase(), &old.camel, &new.camel);
        let sentence = format!("{name} is now `{now}` in Rust instead of `{before}`");
        changes.push(subject, "rust_name", Breaks::CODE, Step::Major, sentence);
    }
}

/// Compares the severity.
pub(super) fn severity(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: Severity,
    now: Severity,
) {
    if before != now {
        let sentence = format!(
            "{} now has severity `{}` instead of `{}`: searches and alerts by severity change",
            subject.phrase(),
            words::severity(now),
            words::severity(before)
        );
        changes.push(subject, "severity", Breaks::QUERIES, Step::Major, sentence);
    }
}

/// Compares stability and deprecation.
pub(super) fn life_cycle(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    old: &LifeCycle,
    new: &LifeCycle,
) {
    stability(changes, subject, old.stability, new.stability);
    deprecated(
        changes,
        subject,
        old.deprecated.as_ref(),
        new.deprecated.as_ref(),
    );
}

/// Compares the stability. Lower stability breaks users that rely on the higher stability.
fn stability(changes: &mut Changes<'_>, subject: Subject<'_>, old: Stability, new: Stability) {
    if old == new {
        return;
    }
    let name = subject.phrase();
    let (before, now) = (words::stability(old), words::stability(new));
    if words::stability_rank(new) > words::stability_rank(old) {
        let sentence = format!("{name} is now `{now}` instead of `{before}`");
        changes.minor(subject, "stability", sentence);
    } else {
        let sentence = format!("{name} is now `{now}` instead of `{before}`: it may change again");
        let breaks = Breaks::QUERIES.and(Breaks::DASHBOARDS);
        changes.push(subject, "stability", breaks, Step::Major, sentence);
    }
}

/// Compares the deprecation, which only causes warnings. The announced removal is a separate change.
pub(super) fn deprecated(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    old: Option<&Deprecated>,
    new: Option<&Deprecated>,
) {
    let name = subject.phrase();
    let (old, new) = match (old, new) {
        (None, None) => return,
        (None, Some(new)) => {
            let instead = match &new.replaced_by {
                Some(key) => format!(" in favor of `{key}`"),
                None => String::new(),
            };
            let sentence =
                format!("{name} is deprecated{instead}: code that uses it gets a warning");
            changes.minor(subject, "deprecated", sentence);
            return;
        }
        (Some(_), None) => {
            let sentence = format!("{name} is no longer deprecated");
            changes.minor(subject, "deprecated", sentence);
            return;
        }
        (Some(old), Some(new)) => (old, new),
    };
    if old.replaced_by != new.replaced_by {
        let sentence = match &new.replaced_by {
            Some(key) => format!("{name} is now replaced by `{key}`"),
            None => format!("{name} no longer has a replacement"),
        };
        changes.minor(subject, "deprecated.replaced_by", sentence);
    }
    removed_in(changes, subject, old, new);
    if old.since != new.since || old.note != new.note {
        let sentence = format!("the deprecation note of {name} changed");
        changes.patch(subject, "deprecated", sentence);
    }
}

fn removed_in(changes: &mut Changes<'_>, subject: Subject<'_>, old: &Deprecated, new: &Deprecated) {
    if old.removed_in == new.removed_in {
        return;
    }
    let name = subject.phrase();
    let parse = |text: &Option<String>| text.as_deref().and_then(Version::parse);
    let sentence = match (&new.removed_in, &old.removed_in) {
        (Some(now), Some(before)) => {
            format!("{name} will be removed in {now} instead of {before}")
        }
        (Some(now), None) => format!("{name} will be removed in {now}"),
        (None, _) => format!("{name} no longer has an announced removal"),
    };
    // A later removal is harmless. An earlier removal shortens the time to migrate.
    let sooner = match (parse(&old.removed_in), parse(&new.removed_in)) {
        (Some(before), Some(now)) => now < before,
        (None, Some(_)) => true,
        (_, None) => false,
    };
    if sooner {
        changes.minor(subject, "deprecated.removed_in", sentence);
    } else {
        changes.patch(subject, "deprecated.removed_in", sentence);
    }
}

/// Describes whether a removal was announced.
pub(super) fn notice(deprecated: Option<&Deprecated>, version: &str) -> String {
    let Some(deprecated) = deprecated else {
        return "; it was never deprecated".to_owned();
    };
    let Some(announced) = &deprecated.removed_in else {
        return "; it was deprecated".to_owned();
    };
    let early = match (Version::parse(announced), Version::parse(version)) {
        (Some(announced), Some(version)) => version < announced,
        _ => false,
    };
    if early {
        format!("; its removal was announced for {announced}, so it is removed too early")
    } else {
        format!("; its removal was announced for {announced}")
    }
}
