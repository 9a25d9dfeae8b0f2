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
    for is in new {
        let subject = Subject {
            at: is.at,
            ..subject
        };
        match old.iter().find(|was| was.key == is.key) {
            Some(was) => changed(changes, subject, was, is),
            None => match renamed_from(changes, old, new, is) {
                Some(was) => renamed(changes, subject, was, is),
                None => added(changes, subject, is),
            },
        }
    }
    for was in old {
        let stays = new.iter().any(|is| is.key == was.key);
        if stays || renamed_to(changes, new, was) {
            continue;
        }
        // The removal of the attribute itself is reported separately, with all its users.
        let known = changes.new.attribute(was.key).is_some() || was.key == "error.type";
        if known {
            removed(changes, subject, was);
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
    is: &Use<'_>,
) -> Option<&'u Use<'a>> {
    old.iter().find(|was| {
        successor(changes, was.key) == Some(is.key) && new.iter().all(|is| is.key != was.key)
    })
}

fn renamed_to(changes: &Changes<'_>, new: &[Use<'_>], was: &Use<'_>) -> bool {
    let successor = successor(changes, was.key);
    successor.is_some_and(|key| new.iter().any(|is| is.key == key))
}

fn renamed(changes: &mut Changes<'_>, subject: Subject<'_>, was: &Use<'_>, is: &Use<'_>) {
    let both = changes
        .new
        .attribute(was.key)
        .and_then(|attribute| attribute.life_cycle.deprecated.as_ref())
        .is_some_and(|deprecated| deprecated.emit == otel_contract_model::Emit::Both);
    let broken_users = match (subject.kind, medium(subject)) {
        (Kind::Resource, _) => Breaks::QUERIES.and(Breaks::DASHBOARDS),
        (_, Medium::Series) => Breaks::DASHBOARDS,
        (_, Medium::Records) => Breaks::QUERIES,
    };
    // The macros of operations and groups accept both names. A struct has only a field for the new name.
    let by_macro = matches!(subject.kind, Kind::Operation | Kind::Group);
    let code = !by_macro || required(was) || required(is);
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
        is.key, was.key
    );
    let change = changes.push(subject, "attributes", breaks, Step::Minor, sentence);
    if !both {
        change.help = Some(format!(
            "`emit: both` in the `deprecated` of `{}` keeps the old key recorded",
            was.key
        ));
    }
    if was.level != is.level {
        let renamed = Use {
            key: is.key,
            ..*was
        };
        changed(changes, subject, &renamed, is);
    }
}

fn required(used: &Use<'_>) -> bool {
    *used.level == RequirementLevel::Required
}

fn added(changes: &mut Changes<'_>, subject: Subject<'_>, is: &Use<'_>) {
    let (name, key) = (subject.phrase(), is.key);
    let must_be_set = matches!(
        is.level,
        RequirementLevel::Required | RequirementLevel::OnSuccess
    );
    let splits = medium(subject) == Medium::Series && *is.level != RequirementLevel::OptIn;
    let breaks = Breaks::CODE
        .when(must_be_set)
        .and(Breaks::DASHBOARDS.when(splits));
    let level = words::level(is.level);
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

fn removed(changes: &mut Changes<'_>, subject: Subject<'_>, was: &Use<'_>) {
    let (name, key) = (subject.phrase(), was.key);
    let (breaks, consequence) = match (subject.kind, medium(subject)) {
        (Kind::Resource, _) => (Breaks::ALL, "charts and searches that use it find nothing"),
        (_, Medium::Series) => (
            Breaks::DASHBOARDS.and(Breaks::CODE),
            "charts and alerts that use it are empty",
        ),
        (_, Medium::Records) => (
            Breaks::QUERIES.and(Breaks::CODE),
            "searches for it find nothing, and code that sets it does not compile",
        ),
    };
    let sentence = format!("{name} no longer records `{key}`: {consequence}");
    let change = changes.push(
        Subject {
            at: was.at,
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
fn changed(changes: &mut Changes<'_>, subject: Subject<'_>, was: &Use<'_>, is: &Use<'_>) {
    use RequirementLevel::{ConditionallyRequired, OnSuccess, Required};
    let (name, key) = (subject.phrase(), is.key);
    if let (ConditionallyRequired(before), ConditionallyRequired(now)) = (was.level, is.level)
        && before != now
    {
        let sentence = format!("the condition of `{key}` of {name} changed");
        changes.patch(subject, "level", sentence);
    } else if was.level != is.level {
        // Required attributes are fields of the struct; `on_success` attributes are passed to `ok(…)`.
        let asks = matches!(is.level, Required | OnSuccess);
        let field = required(was);
        let code = asks || field;
        // Queries may rely on the attribute if it was always recorded, or recorded on every success.
        let promised = matches!(
            (was.level, is.level),
            (Required, _) | (OnSuccess, ConditionallyRequired(_))
        ) || (*was.level == OnSuccess && *is.level != Required);
        let broken_users = match medium(subject) {
            Medium::Records => Breaks::QUERIES,
            Medium::Series => Breaks::DASHBOARDS,
        };
        let breaks = Breaks::CODE.when(code).and(broken_users.when(promised));
        let consequence = match (asks, promised) {
            (true, true) => ": it may be missing, and code must pass it to `ok(…)` instead",
            (true, false) => ": code that does not set it does not compile",
            (false, true) if field => {
                ": it may be missing, and the struct no longer has a field for it"
            }
            (false, true) => ": it may be missing",
            (false, false) => "",
        };
        let (before, now) = (words::level(was.level), words::level(is.level));
        let sentence =
            format!("`{key}` of {name} is now `{now}` instead of `{before}`{consequence}");
        changes.push(subject, "level", breaks, Step::Minor, sentence);
    }
    if was.sampling_relevant != is.sampling_relevant {
        let (breaks, sentence) = if is.sampling_relevant {
            let sentence = format!(
                "`{key}` of {name} is now `sampling_relevant`: it must be set at the start, and the handle has no setter for it"
            );
            (Breaks::CODE, sentence)
        } else {
            let sentence = format!("the sampler no longer sees `{key}` of {name}");
            (Breaks::NOTHING, sentence)
        };
        changes.push(subject, "sampling_relevant", breaks, Step::Minor, sentence);
    }
}
