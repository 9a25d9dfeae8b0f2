//! Attributes in use: who takes which, and at which level.

use super::{Breaks, Changes, Kind, Step, Subject};
use crate::words;
use otel_contract_model::{AttributeUse, Contract, Location, RequirementLevel};

/// An attribute in use, by its key: ids of two contracts say nothing to each other.
#[derive(Clone, Copy)]
pub(super) struct Use<'a> {
    pub(super) key: &'a str,
    pub(super) level: &'a RequirementLevel,
    pub(super) sampled: bool,
    pub(super) at: &'a Location,
}

/// The uses of one entry, `error.type` among them where it is.
pub(super) fn of<'a>(
    contract: &'a Contract,
    uses: impl IntoIterator<Item = &'a AttributeUse>,
    error_type: Option<(&'a RequirementLevel, &'a Location)>,
) -> Vec<Use<'a>> {
    let uses = uses.into_iter().map(|used| Use {
        key: &contract[used.attribute].key,
        level: &used.level,
        sampled: used.sampling_relevant,
        at: &used.at,
    });
    let error_type = error_type.map(|(level, at)| Use {
        key: "error.type",
        level,
        sampled: false,
        at,
    });
    uses.chain(error_type).collect()
}

/// Where the attributes of an entry end up.
#[derive(Clone, Copy, PartialEq)]
enum Medium {
    /// On spans and log records: one more is one more to search by.
    Records,
    /// On metrics: one more splits every series.
    Series,
}

/// Compares the uses of an entry that both contracts have.
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
        // What happened to an attribute that is gone is said there, with all that used it.
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

/// The key that replaces another in the new contract, which still knows both.
fn successor<'a>(changes: &Changes<'a>, key: &str) -> Option<&'a str> {
    let deprecated = changes.new.attribute(key)?.deprecated.as_ref()?;
    deprecated.replaced_by.as_deref()
}

/// The use that this one takes over from, by the rename the contract declares.
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
        .and_then(|attribute| attribute.deprecated.as_ref())
        .is_some_and(|deprecated| deprecated.emit == otel_contract_model::Emit::Both);
    let lost = match (subject.kind, medium(subject)) {
        (Kind::Resource, _) => Breaks::QUERIES.and(Breaks::DASHBOARDS),
        (_, Medium::Series) => Breaks::DASHBOARDS,
        (_, Medium::Records) => Breaks::QUERIES,
    };
    // The macros of operations and groups take both names. A struct has a field of the one name it has.
    let by_macro = matches!(subject.kind, Kind::Operation | Kind::Group);
    let code = !by_macro || required(was) || required(is);
    let breaks = lost.when(!both).and(Breaks::CODE.when(code));
    let name = subject.phrase();
    let recorded = if both {
        "both keys are recorded"
    } else {
        "only the key that is given is recorded"
    };
    let follows = match (by_macro, code) {
        (true, false) => ", and the macros take both names",
        (true, true) => {
            ", and the macros take both names, but a struct written by hand has another field"
        }
        (false, _) => ", and its fields and setters have the new name",
    };
    let sentence = format!(
        "{name} takes `{}` for `{}`: {recorded}{follows}",
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
    let must_be_given = matches!(
        is.level,
        RequirementLevel::Required | RequirementLevel::OnSuccess
    );
    let splits = medium(subject) == Medium::Series && *is.level != RequirementLevel::OptIn;
    let breaks = Breaks::CODE
        .when(must_be_given)
        .and(Breaks::DASHBOARDS.when(splits));
    let level = words::level(is.level);
    let follows = match (must_be_given, splits) {
        (true, true) => {
            ": every series is split by it, and code that does not give it does not compile"
        }
        (false, true) => ": every series is split by it",
        (true, false) => ": code that does not give it does not compile",
        (false, false) => "",
    };
    let sentence = format!("{name} takes `{key}` as well, `{level}`{follows}");
    changes.push(subject, "attributes", breaks, Step::Minor, sentence);
}

fn removed(changes: &mut Changes<'_>, subject: Subject<'_>, was: &Use<'_>) {
    let (name, key) = (subject.phrase(), was.key);
    let (breaks, follows) = match (subject.kind, medium(subject)) {
        (Kind::Resource, _) => (
            Breaks::ALL,
            "what is grouped or filtered by it finds nothing",
        ),
        (_, Medium::Series) => (
            Breaks::DASHBOARDS.and(Breaks::CODE),
            "charts and alerts by it have nothing to show",
        ),
        (_, Medium::Records) => (
            Breaks::QUERIES.and(Breaks::CODE),
            "searches by it find nothing, and code that gives it does not compile",
        ),
    };
    let sentence = format!("{name} no longer takes `{key}`: {follows}");
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
    change.gone = true;
}

/// The same attribute at another level.
fn changed(changes: &mut Changes<'_>, subject: Subject<'_>, was: &Use<'_>, is: &Use<'_>) {
    use RequirementLevel::{ConditionallyRequired, OnSuccess, Required};
    let (name, key) = (subject.phrase(), is.key);
    if let (ConditionallyRequired(before), ConditionallyRequired(now)) = (was.level, is.level)
        && before != now
    {
        let sentence = format!("{name} states the condition of `{key}` in other words");
        changes.patch(subject, "level", sentence);
    } else if was.level != is.level {
        // Required is a field of the struct, on success must be given by `ok(…)`.
        let asks = matches!(is.level, Required | OnSuccess);
        let field = required(was);
        let code = asks || field;
        // Always there, or there whenever it worked: then one may search for it without a gap.
        let promised = matches!(
            (was.level, is.level),
            (Required, _) | (OnSuccess, ConditionallyRequired(_))
        ) || (*was.level == OnSuccess && *is.level != Required);
        let lost = match medium(subject) {
            Medium::Records => Breaks::QUERIES,
            Medium::Series => Breaks::DASHBOARDS,
        };
        let breaks = Breaks::CODE.when(code).and(lost.when(promised));
        let follows = match (asks, promised) {
            (true, true) => ": it may be absent, and code has to give it elsewhere",
            (true, false) => ": code that does not give it does not compile",
            (false, true) if field => ": it may be absent, and is no field of the struct any more",
            (false, true) => ": it may be absent",
            (false, false) => "",
        };
        let (before, now) = (words::level(was.level), words::level(is.level));
        let sentence = format!("`{key}` of {name} is `{now}`, it was `{before}`{follows}");
        changes.push(subject, "level", breaks, Step::Minor, sentence);
    }
    if was.sampled != is.sampled {
        let (breaks, sentence) = if is.sampled {
            let sentence = format!(
                "`{key}` of {name} is `sampling_relevant`: it cannot be set late any more, its setter is gone from the handle"
            );
            (Breaks::CODE, sentence)
        } else {
            let sentence = format!("the sampler no longer sees `{key}` of {name}");
            (Breaks::NOTHING, sentence)
        };
        changes.push(subject, "sampling_relevant", breaks, Step::Minor, sentence);
    }
}
