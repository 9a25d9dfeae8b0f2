//! Attribute uses of entries, with their requirement levels.

use super::{Breaks, Changes, Kind, Step, Subject};
use crate::words;
use otel_contract_model::{AttributeUse, Contract, Location, RequirementLevel};

/// An attribute use, identified by key, because ids differ between contracts.
#[derive(Clone, Copy)]
pub(super) struct Use<'a> {
    pub(super) key: &'a str,
    pub(super) level: &'a RequirementLevel,
    pub(super) sampling_relevant: bool,
    pub(super) at: &'a Location,
}

/// Returns the uses of one entry, including `error.type` if it is recorded.
pub(super) fn collect<'a>(
    contract: &'a Contract,
    uses: impl IntoIterator<Item = &'a AttributeUse>,
    error_type: Option<(&'a RequirementLevel, &'a Location)>,
) -> Vec<Use<'a>> {
    let uses = uses.into_iter().map(|used| Use {
        key: &contract[used.attribute].key,
        level: &used.level,
        sampling_relevant: used.sampling_relevant,
        at: &used.at,
    });
    let error_type = error_type.map(|(level, at)| Use {
        key: "error.type",
        level,
        sampling_relevant: false,
        at,
    });
    uses.chain(error_type).collect()
}

/// Signal on which an entry records attributes.
#[derive(Clone, Copy, PartialEq)]
enum Medium {
    /// Spans and log records: an additional attribute is harmless.
    Records,
    /// Metrics: an additional attribute splits every series.
    Series,
}

/// Compares the uses of an entry in both contracts.
pub(super) fn compare(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    old: &[Use<'_>],
    new: &[Use<'_>],
) {
    for now in new {
        let subject = Subject {
            at: now.at,
            ..subject
        };
        match old.iter().find(|before| before.key == now.key) {
            Some(before) => changed(changes, subject, before, now),
            None => match renamed_from(changes, old, new, now) {
                Some(before) => renamed(changes, subject, before, now),
                None => added(changes, subject, now),
            },
        }
    }
    for before in old {
        let stays = new.iter().any(|used| used.key == before.key);
        if stays || renamed_to(changes, new, before) {
            continue;
        }
        // The removal of the attribute itself is reported separately, with all its users.
        let known = changes.new.attribute(before.key).is_some() || before.key == "error.type";
        if known {
            removed(changes, subject, before);
        }
    }
}

fn medium(subject: Subject<'_>) -> Medium {
    match subject.kind {
        Kind::Metric => Medium::Series,
        _ => Medium::Records,
    }
}

/// Returns the declared replacement of a key that the new contract still contains.
fn successor<'a>(changes: &Changes<'a>, key: &str) -> Option<&'a str> {
    let deprecated = changes.new.attribute(key)?.life_cycle.deprecated.as_ref()?;
    deprecated.replaced_by.as_deref()
}

/// Returns the old use whose attribute is no longer used and was renamed to the attribute of this use.
fn renamed_from<'u, 'a>(
    changes: &Changes<'_>,
    old: &'u [Use<'a>],
    new: &[Use<'_>],
    now: &Use<'_>,
) -> Option<&'u Use<'a>> {
    old.iter().find(|before| {
        successor(changes, before.key) == Some(now.key)
            && new.iter().all(|used| used.key != before.key)
    })
}

fn renamed_to(changes: &Changes<'_>, new: &[Use<'_>], before: &Use<'_>) -> bool {
    let successor = successor(changes, before.key);
    successor.is_some_and(|key| new.iter().any(|used| used.key == key))
}

fn renamed(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Use<'_>, now: &Use<'_>) {
    let both = changes
        .new
        .attribute(before.key)
        .and_then(|attribute| attribute.life_cycle.deprecated.as_ref())
        .is_some_and(|deprecated| deprecated.emit == otel_contract_model::Emit::Both);
    let broken_users = match (subject.kind, medium(subject)) {
        (Kind::Resource, _) => Breaks::QUERIES.and(Breaks::DASHBOARDS),
        (_, Medium::Series) => Breaks::DASHBOARDS,
        (_, Medium::Records) => Breaks::QUERIES,
    };
    // The macros of operations and groups accept both names. A struct has only a field for the new name.
    let by_macro = matches!(subject.kind, Kind::Operation | Kind::Group);
    let code = !by_macro || required(before) || required(now);
    let breaks = broken_users.when(!both).and(Breaks::CODE.when(code));
    let name = subject.phrase();
    let recorded = if both {
        "both keys are recorded"
    } else {
        "only the key set by the code is recorded"
    };
    let consequence = match (by_macro, code) {
        (true, false) => ", and the macros accept both names",
        (true, true) => {
            ", and the macros accept both names, but the field of the struct is renamed"
        }
        (false, _) => ", and its fields and setters are renamed",
    };
    let sentence = format!(
        "{name} now uses `{}` instead of `{}`: {recorded}{consequence}",
        now.key, before.key
    );
    let change = changes.push(subject, "attributes", breaks, Step::Minor, sentence);
    if !both {
        change.help = Some(format!(
            "add `emit: both` to `deprecated` of `{}`, so that the old key is still recorded",
            before.key
        ));
    }
    if before.level != now.level {
        let renamed = Use {
            key: now.key,
            ..*before
        };
        changed(changes, subject, &renamed, now);
    }
}

fn required(used: &Use<'_>) -> bool {
    *used.level == RequirementLevel::Required
}

fn added(changes: &mut Changes<'_>, subject: Subject<'_>, now: &Use<'_>) {
    let (name, key) = (subject.phrase(), now.key);
    let must_be_set = matches!(
        now.level,
        RequirementLevel::Required | RequirementLevel::OnSuccess
    );
    let splits = medium(subject) == Medium::Series && *now.level != RequirementLevel::OptIn;
    let breaks = Breaks::CODE
        .when(must_be_set)
        .and(Breaks::DASHBOARDS.when(splits));
    let level = words::level(now.level);
    let consequence = match (must_be_set, splits) {
        (true, true) => {
            ": every series is split by it, and code that does not set it does not compile"
        }
        (false, true) => ": every series is split by it",
        (true, false) => ": code that does not set it does not compile",
        (false, false) => "",
    };
    let sentence = format!("{name} now records `{key}` (`{level}`){consequence}");
    changes.push(subject, "attributes", breaks, Step::Minor, sentence);
}

fn removed(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Use<'_>) {
    let (name, key) = (subject.phrase(), before.key);
    let (breaks, consequence) = match (subject.kind, medium(subject)) {
        (Kind::Resource, _) => (Breaks::ALL, "charts and searches that use it find nothing"),
        (_, Medium::Series) => (
            Breaks::DASHBOARDS.and(Breaks::CODE),
            "charts and alerts that use it receive no data",
        ),
        (_, Medium::Records) => (
            Breaks::QUERIES.and(Breaks::CODE),
            "searches for it find nothing, and code that sets it does not compile",
        ),
    };
    let sentence = format!("{name} no longer records `{key}`: {consequence}");
    let change = changes.push(
        Subject {
            at: before.at,
            ..subject
        },
        "attributes",
        breaks,
        Step::Major,
        sentence,
    );
    change.is_removed = true;
}

/// Compares the level of an attribute.
fn changed(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Use<'_>, now: &Use<'_>) {
    use RequirementLevel::{ConditionallyRequired, OnSuccess, Required};
    let (name, key) = (subject.phrase(), now.key);
    if let (ConditionallyRequired(old), ConditionallyRequired(new)) = (before.level, now.level)
        && old != new
    {
        let sentence = format!("the condition of `{key}` of {name} changed");
        changes.patch(subject, "level", sentence);
    } else if before.level != now.level {
        // Required attributes are fields of the struct; `on_success` attributes are passed to `ok(…)`.
        let must_be_set = matches!(now.level, Required | OnSuccess);
        let field = required(before);
        let code = must_be_set || field;
        // Queries may rely on the attribute if it was always recorded, or recorded on every success.
        let promised = matches!(
            (before.level, now.level),
            (Required, _) | (OnSuccess, ConditionallyRequired(_))
        ) || (*before.level == OnSuccess && *now.level != Required);
        let broken_users = match medium(subject) {
            Medium::Records => Breaks::QUERIES,
            Medium::Series => Breaks::DASHBOARDS,
        };
        let breaks = Breaks::CODE.when(code).and(broken_users.when(promised));
        let consequence = match (must_be_set, promised) {
            (true, true) => ": it may be missing, and code must pass it to `ok(…)` instead",
            (true, false) => ": code that does not set it does not compile",
            (false, true) if field => {
                ": it may be missing, and the struct no longer has a field for it"
            }
            (false, true) => ": it may be missing",
            (false, false) => "",
        };
        let (old_level, new_level) = (words::level(before.level), words::level(now.level));
        let sentence =
            format!("`{key}` of {name} is now `{new_level}` instead of `{old_level}`{consequence}");
        changes.push(subject, "level", breaks, Step::Minor, sentence);
    }
    if before.sampling_relevant != now.sampling_relevant {
        let (breaks, sentence) = if now.sampling_relevant {
            let sentence = format!(
                "`{key}` of {name} is now `sampling_relevant`: it must be set at the start, and operation handles no longer have a setter for it"
            );
            (Breaks::CODE, sentence)
        } else {
            let sentence = format!("the sampler no longer sees `{key}` of {name}");
            (Breaks::NOTHING, sentence)
        };
        changes.push(subject, "sampling_relevant", breaks, Step::Minor, sentence);
    }
}
