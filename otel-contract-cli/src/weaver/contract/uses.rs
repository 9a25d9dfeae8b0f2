//! Converts uses of attributes in groups, operations, metrics, events and the resource.

use std::collections::HashMap;

use super::Writer;
use super::annotation::Annotation;
use super::attributes::ERROR_TYPE;
use crate::weaver::registry::Level;
use crate::weaver::report::Outcome;
use crate::weaver::resolve::Used;
use crate::weaver::yaml::{Map, Yaml};

/// Kind of entry that uses attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum User {
    Group,
    Operation,
    Metric,
    Event,
    Resource,
}

impl<'a> Writer<'_, 'a> {
    /// Returns the attributes with their levels. Reports attributes that the entry cannot have.
    pub(super) fn uses(
        &mut self,
        owner: &str,
        user: User,
        used: &[Used<'a>],
        order: &[&str],
    ) -> Map {
        let mut budget = Budget::new();
        let mut kept: Vec<(String, Yaml)> = Vec::new();
        let mut sorted: Vec<&Used<'a>> = used.iter().collect();
        if user == User::Metric {
            // Attributes with a stricter requirement level get their part of the series budget first.
            sorted.sort_by_key(|used| (used.written.key != ERROR_TYPE, rank(&used.level)));
        }
        let mut rejected: Vec<(&Used<'a>, String, &str)> = Vec::new();
        for usage in sorted {
            let key = usage.written.contract_key.clone();
            match self.fits(&key, user, usage, &mut budget) {
                Fit::Kept => kept.push((key, level(usage, user))),
                Fit::Rejected(reason) => rejected.push((usage, key, reason)),
                Fit::Implicit => {}
            }
        }
        let positions = |keys: Vec<&'_ str>| -> HashMap<String, usize> {
            let keys = keys.into_iter().enumerate();
            keys.map(|(place, key)| (key.to_owned(), place)).collect()
        };
        let written = positions(
            used.iter()
                .map(|usage| usage.written.contract_key.as_str())
                .collect(),
        );
        let order = positions(order.to_vec());
        kept.sort_by_key(|(key, _)| match order.get(key) {
            Some(place) => (0, *place),
            None => (1, written.get(key).copied().unwrap_or(usize::MAX)),
        });
        for (usage, key, reason) in rejected {
            let subject = format!("`{key}` in {owner}");
            let place = Some(usage.written.at.place());
            self.report.add(Outcome::LeftOut, subject, place, reason);
        }
        let mut map = Map::new();
        for (key, level) in kept {
            map.put(&key, level);
        }
        map
    }

    /// Checks whether an entry can have an attribute.
    fn fits(&self, key: &str, user: User, usage: &Used<'_>, budget: &mut Budget) -> Fit {
        if key == ERROR_TYPE {
            return self.error_type(user, budget);
        }
        let Some(known) = self.converted.get(key) else {
            return Fit::Rejected(
                "neither the attribute nor any key of its template is in the contract",
            );
        };
        if known.is_secret {
            return Fit::Rejected("secret attributes are never recorded");
        }
        if self.is_exported || user != User::Metric {
            return Fit::Kept;
        }
        if known.is_personal {
            return Fit::Rejected("personal attributes cannot be metric dimensions");
        }
        let Some(values) = known.values else {
            return Fit::Rejected("unbounded attributes cannot be metric dimensions");
        };
        let absent = u64::from(usage.level != Level::Required);
        if budget.take(values.saturating_add(absent)) {
            Fit::Kept
        } else {
            Fit::Rejected("would exceed the series budget of the metric")
        }
    }

    fn error_type(&self, user: User, budget: &mut Budget) -> Fit {
        match user {
            User::Operation => Fit::Implicit,
            User::Group | User::Resource => {
                Fit::Rejected("operations record `error.type` by themselves")
            }
            User::Event => Fit::Kept,
            User::Metric => {
                // The values are the classes, `_OTHER`, and absence.
                budget.take(self.errors + 2);
                Fit::Kept
            }
        }
    }
}

/// Result of checking a use.
enum Fit {
    Kept,
    /// Allowed and implicit.
    Implicit,
    Rejected(&'static str),
}

/// Returns the level in a contract.
fn level(usage: &Used<'_>, user: User) -> Yaml {
    let annotation = Annotation(usage.written.annotation);
    let sampling_relevant =
        usage.sampling_relevant && matches!(user, User::Operation | User::Group);
    let on_success = annotation.text("level") == Some("on_success");
    let word = match &usage.level {
        _ if on_success => "on_success",
        Level::Required => "required",
        Level::Recommended => "recommended",
        Level::OptIn => "opt_in",
        Level::ConditionallyRequired(condition) => {
            let mut map = Map::new();
            map.put("conditionally_required", condition.as_str());
            if sampling_relevant {
                map.put("sampling_relevant", true);
            }
            return map.into();
        }
    };
    if !sampling_relevant || on_success {
        return word.into();
    }
    let mut map = Map::new();
    map.put("level", word);
    map.put("sampling_relevant", true);
    map.into()
}

fn rank(level: &Level) -> u8 {
    match level {
        Level::Required => 0,
        Level::ConditionallyRequired(_) => 1,
        Level::Recommended => 2,
        Level::OptIn => 3,
    }
}

/// Number of series left for a metric.
struct Budget {
    left: u64,
}

impl Budget {
    fn new() -> Budget {
        Budget {
            left: otel_contract_model::Budget::DEFAULT_SERIES_PER_METRIC,
        }
    }

    fn take(&mut self, values: u64) -> bool {
        let fits = values > 0 && values <= self.left;
        if fits {
            self.left /= values;
        }
        fits
    }
}
