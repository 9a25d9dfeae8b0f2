//! Attributes: names, values and privacy.

use super::entries::Entry;
use super::rules::{self, prose_of};
use super::{Breaks, Changes, Kind, Step, Subject, values};
use crate::words;
use otel_contract_model::definitions::is_used_only_by_resource;
use otel_contract_model::{
    Attribute, Contract, Deprecated, Domain, Emit, Location, Privacy, Protect, Type,
};

impl Entry for Attribute {
    const KIND: Kind = Kind::Attribute;

    fn name(&self) -> &str {
        &self.key
    }

    fn at(&self) -> &Location {
        &self.at
    }

    fn removed(&self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        removed(changes, subject, self);
    }

    fn compare(&self, new: &Self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        compare(changes, subject, self, new);
    }

    fn added(&self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        let privacy = words::privacy_class(self.privacy);
        let classes = match self.domain {
            Domain::Secret => "secret".to_owned(),
            _ => format!("{}, {privacy}", words::cardinality(self)),
        };
        changes.added(subject, format!("{} is new: {classes}", subject.phrase()));
    }
}

fn removed(changes: &mut Changes<'_>, subject: Subject<'_>, attribute: &Attribute) {
    let key = &attribute.key;
    if attribute.domain == Domain::Secret {
        let sentence = format!(
            "secret attribute `{key}` is removed: it was never recorded, and no code could use it"
        );
        changes
            .push(subject, "removed", Breaks::NOTHING, Step::Patch, sentence)
            .is_removed = true;
        return;
    }
    let users = users(changes.old, key);
    let used = match users.as_slice() {
        [] => "it was unused".to_owned(),
        users => format!("it was used by {}", words::list(users)),
    };
    let breaks = Breaks::QUERIES
        .and(Breaks::CODE)
        .and(Breaks::DASHBOARDS.when(is_dimension(changes.old, key)));
    let successor = successor(changes, attribute);
    let replaced = match &successor {
        Some(successor) => format!(" and replaced by `{successor}`"),
        None => String::new(),
    };
    let sentence = format!("attribute `{key}` is removed{replaced}; {used}");
    let announced = attribute.life_cycle.deprecated.is_some();
    changes.removed(
        subject,
        breaks,
        attribute.life_cycle.deprecated.as_ref(),
        sentence,
    );
    if let (Some(successor), false, Some(change)) = (successor, announced, changes.all.last_mut()) {
        change.help = Some(format!(
            "keep `{key}` for now with `deprecated: {{ replaced_by: {successor}, emit: both }}`, and set `removed_in`, so that nothing breaks before that version"
        ));
    }
}

/// Returns the key that replaces a removed attribute in the new contract.
fn successor(changes: &Changes<'_>, attribute: &Attribute) -> Option<String> {
    let declared = attribute
        .life_cycle
        .deprecated
        .as_ref()
        .and_then(|deprecated| deprecated.replaced_by.clone())
        .filter(|key| changes.new.attribute(key).is_some());
    let claims = |other: &&Attribute| other.instead_of.contains(&attribute.key);
    let claimed = || changes.new.attributes.iter().find(claims);
    declared.or_else(|| claimed().map(|other| other.key.clone()))
}

/// Returns the users of an attribute as phrases.
fn users(contract: &Contract, key: &str) -> Vec<String> {
    let uses = |uses: &[otel_contract_model::AttributeUse]| {
        uses.iter().any(|used| contract[used.attribute].key == key)
    };
    let mut users = Vec::new();
    for group in contract
        .groups
        .iter()
        .filter(|group| uses(&group.attributes))
    {
        users.push(format!("group `{}`", group.name));
    }
    let operations = contract.operations.iter();
    for operation in operations.filter(|operation| uses(&operation.attributes)) {
        users.push(format!("operation `{}`", operation.name));
    }
    for metric in contract
        .metrics
        .iter()
        .filter(|metric| uses(&metric.attributes))
    {
        users.push(format!("metric `{}`", metric.name));
    }
    for event in contract
        .events
        .iter()
        .filter(|event| uses(&event.attributes))
    {
        users.push(format!("event `{}`", event.name));
    }
    if uses(&contract.resource) {
        users.push("the resource".to_owned());
    }
    if contract.baggage.iter().any(|id| contract[*id].key == key) {
        users.push("the baggage".to_owned());
    }
    users
}

/// Returns whether an attribute is a dimension of a metric.
fn is_dimension(contract: &Contract, key: &str) -> bool {
    let by_operation = contract.operations.iter().any(|operation| {
        let metrics = operation.metrics.iter();
        let mut dimensions = metrics.flat_map(|metrics| &metrics.dimensions);
        dimensions.any(|id| contract[*id].key == key)
    });
    let by_metric = contract.metrics.iter().any(|metric| {
        let mut uses = metric.attributes.iter();
        uses.any(|used| contract[used.attribute].key == key)
    });
    by_operation || by_metric
}

fn compare(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Attribute, now: &Attribute) {
    let key = &now.key;
    rules::prose(changes, subject, prose_of!(before), prose_of!(now));
    if before.examples != now.examples {
        let sentence = format!("attribute `{key}` has different examples");
        changes.patch(subject, "examples", sentence);
    }
    if before.instead_of != now.instead_of {
        let sentence = format!("the names in `instead_of` of `{key}` changed");
        changes.patch(subject, "instead_of", sentence);
    }
    if before.rust != now.rust {
        let sentence = format!(
            "`{key}` is now `{}` in Rust instead of `{}`",
            now.rust.camel, before.rust.camel
        );
        changes.push(subject, "rust_name", Breaks::CODE, Step::Major, sentence);
    }
    if before.newtype != now.newtype {
        let (breaks, sentence) = if now.newtype {
            let sentence =
                format!("`{key}` accepts only its own type: plain strings do not compile");
            (Breaks::CODE, sentence)
        } else {
            let what = match now.domain {
                Domain::Limited { .. } => "string literals",
                _ => "plain strings",
            };
            (Breaks::NOTHING, format!("`{key}` also accepts {what}"))
        };
        changes.push(subject, "newtype", breaks, Step::Minor, sentence);
    }
    domain(changes, subject, before, now);
    used_outside_resource(changes, subject, before, now);
    privacy(changes, subject, before, now);
    rules::life_cycle(changes, subject, &before.life_cycle, &now.life_cycle);
    let (before, now) = (
        before.life_cycle.deprecated.as_ref(),
        now.life_cycle.deprecated.as_ref(),
    );
    emit(changes, subject, before, now);
}

/// Compares `emit: both`, which records a key in addition to its replacement.
fn emit(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: Option<&Deprecated>,
    now: Option<&Deprecated>,
) {
    let both = |deprecated: Option<&Deprecated>| {
        deprecated.is_some_and(|deprecated| deprecated.emit == Emit::Both)
    };
    let key = subject.name;
    if both(now) && !both(before) {
        let sentence = format!("`{key}` is now recorded in addition to its replacement");
        changes.minor(subject, "deprecated.emit", sentence);
    } else if both(before) && !both(now) {
        let sentence = format!(
            "`{key}` is no longer recorded in addition to its replacement: searches for it find nothing"
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

/// Reports a bounded attribute of the resource that is now also used elsewhere. Plain strings are accepted only if no
/// other entry uses the attribute.
fn used_outside_resource(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: &Attribute,
    now: &Attribute,
) {
    let is_bounded = |attribute: &Attribute| matches!(attribute.domain, Domain::Limited { .. });
    let took_strings = is_used_only_by_resource(changes.old, before) && !before.newtype;
    if is_bounded(before)
        && is_bounded(now)
        && took_strings
        && !is_used_only_by_resource(changes.new, now)
    {
        let sentence = format!(
            "`{}` is no longer used only by the resource: code must call `{}::capped`",
            subject.name, now.rust.camel
        );
        changes.push(subject, "uses", Breaks::CODE, Step::Major, sentence);
    }
}

/// Compares the values. They determine the cardinality class and the generated type.
fn domain(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Attribute, now: &Attribute) {
    let key = subject.name;
    let dashboards = Breaks::DASHBOARDS.when(is_dimension(changes.old, key));
    match (&before.domain, &now.domain) {
        (old, new)
            if old == new && !matches!(new, Domain::Strings { .. } | Domain::Ints { .. }) => {}
        (_, Domain::Secret) => {
            let sentence = format!("`{key}` is now secret: it is no longer recorded");
            let breaks = Breaks::QUERIES.and(Breaks::CODE).and(dashboards);
            changes.push(subject, "privacy", breaks, Step::Major, sentence);
        }
        (Domain::Secret, _) => {
            let class = words::privacy_class(now.privacy);
            let sentence = format!(
                "`{key}` is no longer secret but {class}: get approval for this privacy change"
            );
            changes.minor(subject, "privacy", sentence);
        }
        _ if before.value_type() != now.value_type() => {
            let word = |attribute: &Attribute| attribute.value_type().map_or("", words::value_type);
            let sentence = format!(
                "`{key}` is now of type `{}` instead of `{}`: comparisons with stored values fail",
                word(now),
                word(before)
            );
            let breaks = Breaks::QUERIES.and(Breaks::CODE).and(dashboards);
            changes.push(subject, "type", breaks, Step::Major, sentence);
        }
        (
            Domain::Strings { values, other },
            Domain::Strings {
                values: new_values,
                other: new_other,
            },
        ) => {
            values::compare(
                changes,
                subject,
                (values, *other),
                (new_values, *new_other),
                dashboards,
            );
            values::other(changes, subject, *other, *new_other);
        }
        (Domain::Ints { values }, Domain::Ints { values: new_values }) => {
            values::compare(
                changes,
                subject,
                (values, false),
                (new_values, false),
                dashboards,
            );
        }
        (
            Domain::Range { min, max },
            Domain::Range {
                min: low,
                max: high,
            },
        ) => {
            values::range(changes, subject, (*min, *max), (*low, *high));
        }
        (Domain::Limited { limit }, Domain::Limited { limit: new_limit }) => {
            values::limit(changes, subject, *limit, *new_limit, dashboards);
        }
        _ => cardinality(changes, subject, before, now),
    }
}

/// Compares domains of different kinds with the same type of values.
fn cardinality(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: &Attribute,
    now: &Attribute,
) {
    let key = subject.name;
    let (breaks, sentence) = match (&before.domain, &now.domain) {
        (Domain::Limited { .. }, Domain::Unbounded(Type::String)) => {
            let sentence = format!(
                "`{key}` is now unbounded instead of bounded: values are no longer recorded as `_OTHER`, and `{}::capped` is removed",
                before.rust.camel
            );
            (Breaks::CODE, sentence)
        }
        (Domain::Unbounded(Type::String), Domain::Limited { limit }) => {
            let sentence = format!(
                "`{key}` is now bounded instead of unbounded: new values beyond {limit} are recorded as `_OTHER`, and code must call `{}::capped`",
                now.rust.camel
            );
            (Breaks::QUERIES.and(Breaks::CODE), sentence)
        }
        _ => {
            let sentence = format!(
                "`{key}` is now `{}` instead of `{}`: its Rust type changes",
                words::cardinality(now),
                words::cardinality(before)
            );
            // Unbounded and bounded attributes accept all stored values. Listed values and ranges reject some.
            let rejects = matches!(before.domain, Domain::Unbounded(_) | Domain::Limited { .. });
            (Breaks::CODE.and(Breaks::QUERIES.when(rejects)), sentence)
        }
    };
    changes.push(subject, "cardinality", breaks, Step::Major, sentence);
}

/// Compares the privacy classes of attributes that are recorded.
fn privacy(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Attribute, now: &Attribute) {
    use Privacy::{Internal, Personal, Public, Secret};
    let key = subject.name;
    match (before.privacy, now.privacy) {
        (before, now) if before == now => {}
        // The change to or from `secret` is reported with the values.
        (Secret, _) | (_, Secret) => {}
        (Internal, Public) => {
            let sentence = format!(
                "`{key}` is now public instead of internal: it may leave the company; get approval for this privacy change"
            );
            changes.minor(subject, "privacy", sentence);
        }
        (Public, Internal) => {
            let sentence = format!(
                "`{key}` is now internal instead of public: back ends outside the company no longer receive it"
            );
            changes.push(subject, "privacy", Breaks::QUERIES, Step::Major, sentence);
        }
        (Public | Internal, Personal(how)) => {
            let sentence = format!(
                "`{key}` is now personal, protected by `{}`: searches for unprotected values find nothing, and its Rust type changes",
                words::protect(how)
            );
            let breaks = Breaks::QUERIES.and(Breaks::CODE);
            changes.push(subject, "privacy", breaks, Step::Major, sentence);
        }
        (Personal(_), now) if !matches!(now, Personal(_)) => {
            let sentence = format!(
                "`{key}` is now {} instead of personal: values are recorded unprotected, and its Rust type changes; get approval for this privacy change",
                words::privacy_class(now)
            );
            let breaks = Breaks::QUERIES.and(Breaks::CODE);
            changes.push(subject, "privacy", breaks, Step::Major, sentence);
        }
        (Personal(before), Personal(now)) => {
            let summary = format!(
                "`{key}` is now protected by `{}` instead of `{}`",
                words::protect(now),
                words::protect(before)
            );
            if before == Protect::Mask {
                let sentence = format!(
                    "{summary}: more of the value is recorded; get approval for this privacy change"
                );
                changes.minor(subject, "protect", sentence);
            } else {
                let sentence = format!("{summary}: the recorded value of each person changes");
                changes.push(subject, "protect", Breaks::QUERIES, Step::Major, sentence);
            }
        }
        _ => {}
    }
}
