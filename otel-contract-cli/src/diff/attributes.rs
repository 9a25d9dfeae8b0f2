//! Attributes: names, values and who may see them.

use super::rules::{self, prose_of};
use super::{Breaks, Changes, Kind, Step, Subject, pair, values};
use crate::words;
use otel_contract_model::definitions::is_of_resource_alone;
use otel_contract_model::{Attribute, Contract, Deprecated, Domain, Emit, Privacy, Protect, Type};

pub(super) fn all(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let paired = pair(&old.attributes, &new.attributes, |one| &one.key);
    for one in paired.removed {
        removed(changes, one);
    }
    for (was, is) in paired.kept {
        compare(changes, was, is);
    }
    for one in paired.added {
        let subject = Subject::new(Kind::Attribute, &one.key, &one.at);
        let privacy = words::privacy_class(one.privacy);
        let classes = match one.domain {
            Domain::Secret => "secret".to_owned(),
            _ => format!("{}, {privacy}", words::cardinality(one)),
        };
        changes.added(
            subject,
            format!("attribute `{}` is new: {classes}", one.key),
        );
    }
}

fn removed(changes: &mut Changes<'_>, one: &Attribute) {
    let subject = Subject::new(Kind::Attribute, &one.key, &one.at);
    let key = &one.key;
    if one.domain == Domain::Secret {
        let sentence = format!(
            "secret attribute `{key}` is removed: it was recorded nowhere, and code that gives it still does not compile"
        );
        changes
            .push(subject, "removed", Breaks::NOTHING, Step::Patch, sentence)
            .gone = true;
        return;
    }
    let users = users(changes.old, key);
    let used = match users.as_slice() {
        [] => "nothing used it".to_owned(),
        users => format!("it was used by {}", words::listed(users)),
    };
    let breaks = Breaks::QUERIES
        .and(Breaks::CODE)
        .and(Breaks::DASHBOARDS.when(is_dimension(changes.old, key)));
    let successor = successor(changes, one);
    let replaced = match &successor {
        Some(successor) => format!(", `{successor}` takes its place"),
        None => String::new(),
    };
    let sentence = format!("attribute `{key}` is removed{replaced}; {used}");
    let announced = one.deprecated.is_some();
    changes.removed(subject, breaks, one.deprecated.as_ref(), sentence);
    if let (Some(successor), false, Some(change)) = (successor, announced, changes.all.last_mut()) {
        change.help = Some(format!(
            "keep `{key}` for a while with `deprecated: {{ replaced_by: {successor}, emit: both }}` and a `removed_in`: then nothing breaks meanwhile"
        ));
    }
}

/// The key of the new contract that stands for one that is gone.
fn successor(changes: &Changes<'_>, one: &Attribute) -> Option<String> {
    let declared = one
        .deprecated
        .as_ref()
        .and_then(|deprecated| deprecated.replaced_by.clone())
        .filter(|key| changes.new.attribute(key).is_some());
    let claims = |other: &&Attribute| other.instead_of.contains(&one.key);
    let claimed = || changes.new.attributes.iter().find(claims);
    declared.or_else(|| claimed().map(|other| other.key.clone()))
}

/// Who uses an attribute, in phrases.
fn users(contract: &Contract, key: &str) -> Vec<String> {
    let uses = |uses: &[otel_contract_model::AttributeUse]| {
        uses.iter().any(|used| contract[used.attribute].key == key)
    };
    let groups = contract.groups.iter();
    let groups = groups.filter(|one| uses(&one.attributes));
    let groups = groups.map(|one| format!("group `{}`", one.name));
    let operations = contract.operations.iter();
    let operations = operations.filter(|one| uses(&one.attributes));
    let operations = operations.map(|one| format!("operation `{}`", one.name));
    let metrics = contract.metrics.iter();
    let metrics = metrics.filter(|one| uses(&one.attributes));
    let metrics = metrics.map(|one| format!("metric `{}`", one.name));
    let events = contract.events.iter();
    let events = events.filter(|one| uses(&one.attributes));
    let events = events.map(|one| format!("event `{}`", one.name));
    let resource = uses(&contract.resource).then(|| "the resource".to_owned());
    let baggage = contract.baggage.iter().any(|id| contract[*id].key == key);
    let baggage = baggage.then(|| "the baggage".to_owned());
    let all = groups.chain(operations).chain(metrics).chain(events);
    all.chain(resource).chain(baggage).collect()
}

/// Whether an attribute is a dimension of some metric.
fn is_dimension(contract: &Contract, key: &str) -> bool {
    let by_operation = contract.operations.iter().any(|one| {
        let metrics = one.metrics.iter();
        let mut dimensions = metrics.flat_map(|metrics| &metrics.dimensions);
        dimensions.any(|id| contract[*id].key == key)
    });
    let by_metric = contract.metrics.iter().any(|one| {
        let mut uses = one.attributes.iter();
        uses.any(|used| contract[used.attribute].key == key)
    });
    by_operation || by_metric
}

fn compare(changes: &mut Changes<'_>, was: &Attribute, is: &Attribute) {
    let subject = Subject::new(Kind::Attribute, &is.key, &is.at);
    let key = &is.key;
    rules::prose(changes, subject, prose_of!(was), prose_of!(is));
    if was.examples != is.examples {
        let sentence = format!("attribute `{key}` has other examples");
        changes.patch(subject, "examples", sentence);
    }
    if was.instead_of != is.instead_of {
        let sentence = format!("messages point to `{key}` from other names");
        changes.patch(subject, "instead_of", sentence);
    }
    if was.rust != is.rust {
        let sentence = format!(
            "`{key}` is `{}` in Rust, it was `{}`",
            is.rust.camel, was.rust.camel
        );
        changes.push(subject, "rust_name", Breaks::CODE, Step::Major, sentence);
    }
    if was.newtype != is.newtype {
        let (breaks, sentence) = if is.newtype {
            let sentence = format!("`{key}` takes only its own type: plain strings do not compile");
            (Breaks::CODE, sentence)
        } else {
            let what = match is.domain {
                Domain::Limited { .. } => "string literals",
                _ => "plain strings",
            };
            (Breaks::NOTHING, format!("`{key}` takes {what} as well"))
        };
        changes.push(subject, "newtype", breaks, Step::Minor, sentence);
    }
    domain(changes, subject, was, is);
    beside_the_resource(changes, subject, was, is);
    privacy(changes, subject, was, is);
    rules::stability(changes, subject, was.stability, is.stability);
    let (before, now) = (was.deprecated.as_ref(), is.deprecated.as_ref());
    rules::deprecated(changes, subject, before, now);
    emit(changes, subject, before, now);
}

/// A key that was recorded beside its successor and is not any more.
fn emit(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    was: Option<&Deprecated>,
    is: Option<&Deprecated>,
) {
    let both = |one: Option<&Deprecated>| one.is_some_and(|one| one.emit == Emit::Both);
    let key = subject.name;
    if both(is) && !both(was) {
        let sentence = format!("`{key}` is recorded beside the key that replaces it");
        changes.minor(subject, "deprecated.emit", sentence);
    } else if both(was) && !both(is) {
        let sentence = format!(
            "`{key}` is no longer recorded beside the key that replaces it: searches by it find nothing"
        );
        changes.push(
            subject,
            "deprecated.emit",
            Breaks::QUERIES,
            Step::Major,
            sentence,
        );
    }
}

/// A bounded attribute of the resource alone takes plain strings, until something else has the attribute as well.
fn beside_the_resource(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    was: &Attribute,
    is: &Attribute,
) {
    let is_bounded = |one: &Attribute| matches!(one.domain, Domain::Limited { .. });
    let took_strings = is_of_resource_alone(changes.old, was) && !was.newtype;
    if is_bounded(was) && is_bounded(is) && took_strings && !is_of_resource_alone(changes.new, is) {
        let sentence = format!(
            "`{}` is no longer of the resource alone: code names its cap with `{}::capped`",
            subject.name, is.rust.camel
        );
        changes.push(subject, "uses", Breaks::CODE, Step::Major, sentence);
    }
}

/// The values, and with them the cardinality class and the generated type.
fn domain(changes: &mut Changes<'_>, subject: Subject<'_>, was: &Attribute, is: &Attribute) {
    let key = subject.name;
    let dashboards = Breaks::DASHBOARDS.when(is_dimension(changes.old, key));
    match (&was.domain, &is.domain) {
        (Domain::Secret, Domain::Secret) => {}
        (_, Domain::Secret) => {
            let sentence = format!("`{key}` is secret: it is recorded nowhere any more");
            let breaks = Breaks::QUERIES.and(Breaks::CODE).and(dashboards);
            changes.push(subject, "privacy", breaks, Step::Major, sentence);
        }
        (Domain::Secret, _) => {
            let class = words::privacy_class(is.privacy);
            let sentence = format!(
                "`{key}` is no longer secret but {class}: see that whoever answers for privacy agrees"
            );
            changes.minor(subject, "privacy", sentence);
        }
        (before, now) if was.value_type() != is.value_type() => {
            let word = |one: &Attribute| one.value_type().map_or("", words::type_word);
            let sentence = format!(
                "`{key}` is of type `{}`, it was `{}`: comparisons with stored values fail",
                word(is),
                word(was)
            );
            let breaks = Breaks::QUERIES.and(Breaks::CODE).and(dashboards);
            debug_assert_ne!(before, now, "one domain has one type");
            changes.push(subject, "type", breaks, Step::Major, sentence);
        }
        (
            Domain::Strings { values, other },
            Domain::Strings {
                values: now,
                other: open,
            },
        ) => {
            values::compare(changes, subject, (values, *other), (now, *open), dashboards);
            values::other(changes, subject, *other, *open);
        }
        (Domain::Ints { values }, Domain::Ints { values: now }) => {
            values::compare(changes, subject, (values, false), (now, false), dashboards);
        }
        (
            Domain::Range { min, max },
            Domain::Range {
                min: least,
                max: most,
            },
        ) => values::range(changes, subject, (*min, *max), (*least, *most)),
        (Domain::Limited { limit }, Domain::Limited { limit: now }) if limit == now => {}
        (Domain::Limited { limit }, Domain::Limited { limit: now }) => {
            let moved = format!("the limit of `{key}` is {now}, it was {limit}");
            if now > limit {
                let sentence = format!("{moved}: more series, and fewer values end as `_OTHER`");
                changes.minor(subject, "limit", sentence);
            } else {
                let sentence = format!("{moved}: values recorded so far end as `_OTHER`");
                let breaks = Breaks::QUERIES.and(dashboards);
                changes.push(subject, "limit", breaks, Step::Major, sentence);
            }
        }
        (Domain::Limited { .. }, Domain::Unbounded(Type::String)) => {
            let sentence = format!(
                "`{key}` is unbounded, it was bounded: no value ends as `_OTHER` any more, and `{}::capped` is gone",
                was.rust.camel
            );
            changes.push(subject, "cardinality", Breaks::CODE, Step::Major, sentence);
        }
        (Domain::Unbounded(Type::String), Domain::Limited { limit }) => {
            let sentence = format!(
                "`{key}` is bounded, it was unbounded: past {limit} values, those searched for end as `_OTHER`, and code names the cap with `{}::capped`",
                is.rust.camel
            );
            let breaks = Breaks::QUERIES.and(Breaks::CODE);
            changes.push(subject, "cardinality", breaks, Step::Major, sentence);
        }
        (before, now) if before == now => {}
        _ => {
            let sentence = format!(
                "`{key}` is {}, it was {}: its Rust type is another",
                words::cardinality(is),
                words::cardinality(was)
            );
            // A set that opens keeps what is stored; one that closes turns values away.
            let closes = matches!(was.domain, Domain::Unbounded(_) | Domain::Limited { .. });
            let breaks = Breaks::CODE.and(Breaks::QUERIES.when(closes));
            changes.push(subject, "cardinality", breaks, Step::Major, sentence);
        }
    }
}

/// Who may see it, between classes that are recorded.
fn privacy(changes: &mut Changes<'_>, subject: Subject<'_>, was: &Attribute, is: &Attribute) {
    use Privacy::{Internal, Personal, Public, Secret};
    let key = subject.name;
    match (was.privacy, is.privacy) {
        (before, now) if before == now => {}
        // Said with the values, which a secret has none of.
        (Secret, _) | (_, Secret) => {}
        (Internal, Public) => {
            let sentence = format!(
                "`{key}` is public, it was internal: it may leave the company; see that whoever answers for privacy agrees"
            );
            changes.minor(subject, "privacy", sentence);
        }
        (Public, Internal) => {
            let sentence = format!(
                "`{key}` is internal, it was public: back ends outside of the company do not get it any more"
            );
            changes.push(subject, "privacy", Breaks::QUERIES, Step::Major, sentence);
        }
        (Public | Internal, Personal(how)) => {
            let sentence = format!(
                "`{key}` is personal, protected by `{}`: searches for clear values find nothing, and its Rust type is another",
                words::protect(how)
            );
            let breaks = Breaks::QUERIES.and(Breaks::CODE);
            changes.push(subject, "privacy", breaks, Step::Major, sentence);
        }
        (Personal(_), now) if !matches!(now, Personal(_)) => {
            let sentence = format!(
                "`{key}` is {}, it was personal: values are recorded in the clear, and its Rust type is another; see that whoever answers for privacy agrees",
                words::privacy_class(now)
            );
            let breaks = Breaks::QUERIES.and(Breaks::CODE);
            changes.push(subject, "privacy", breaks, Step::Major, sentence);
        }
        (Personal(before), Personal(now)) => {
            let moved = format!(
                "`{key}` is protected by `{}`, it was `{}`",
                words::protect(now),
                words::protect(before)
            );
            if before == Protect::Mask {
                let sentence = format!(
                    "{moved}: more of the value is recorded; see that whoever answers for privacy agrees"
                );
                changes.minor(subject, "protect", sentence);
            } else {
                let sentence = format!("{moved}: the same person is recorded as another value");
                changes.push(subject, "protect", Breaks::QUERIES, Step::Major, sentence);
            }
        }
        _ => {}
    }
}
