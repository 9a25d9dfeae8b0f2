//! Resolves operations, with their metrics and sampling.

use crate::codes;
use crate::contract::{Attribute, GroupId, Operation, OperationMetrics, Route, Sampling};
use crate::parse::Spec;
use crate::read::{Entry, Field, Located};
use crate::section::Section;
use crate::spec::{self, Keep, Metrics, Routes};

use super::uses::{Referrer, Uses};
use super::{Resolver, sorted_names};

impl Resolver<'_> {
    pub(super) fn operations(&mut self, attributes: &[Attribute]) -> Vec<Operation> {
        let spec: &Spec = self.spec;
        let nothing = spec::Operation::default();
        let known = sorted_names(&spec.operations);
        let resolve = |Entry { name, value }: &Entry<spec::Operation>| {
            let written = value.as_ref().unwrap_or(&nothing);
            self.check_replacement_in(
                &written.life.deprecated,
                &name.value,
                Section::Operations,
                &known,
            );
            self.operation(name, written, value.is_some(), attributes)
        };
        spec.operations.iter().map(resolve).collect()
    }

    fn operation(
        &mut self,
        name: &Located<String>,
        written: &spec::Operation,
        is_readable: bool,
        attributes: &[Attribute],
    ) -> Operation {
        let (groups, uses) = self.groups_and_uses(written, is_readable, attributes);
        let events = self.unique(written.events.items());
        let errors = written.errors.get().map(|errors| {
            let errors = self.unique(errors);
            errors
                .into_iter()
                .filter_map(|error| self.error_id(error))
                .collect()
        });
        Operation {
            name: name.value.clone(),
            at: self.location(name.span),
            rust: self.rust_name(Section::Operations, name, &written.rust_name),
            brief: written.brief.cloned().unwrap_or_default(),
            note: written.note.cloned(),
            kind: written.kind.cloned().unwrap_or_default(),
            routes: routes(&written.route),
            groups,
            attributes: uses.attributes,
            errors,
            events: events
                .into_iter()
                .filter_map(|event| self.event_id(event))
                .collect(),
            metrics: self.operation_metrics(&written.metrics),
            sampling: written
                .sampling
                .get()
                .map(|sampling| self.sampling(sampling)),
            life_cycle: self.life_cycle(Section::Operations, name, &written.life),
        }
    }

    /// Resolves the groups and attributes of an operation, and records whether some could not be resolved.
    fn groups_and_uses(
        &mut self,
        written: &spec::Operation,
        is_readable: bool,
        attributes: &[Attribute],
    ) -> (Vec<GroupId>, Uses) {
        let names = self.unique(written.groups.items());
        let count = names.len();
        let groups: Vec<GroupId> = names
            .into_iter()
            .filter_map(|group| self.group_id(group))
            .collect();
        let entries = written.attributes.entries();
        let uses = self.uses(Referrer::Operation, entries, attributes);
        let is_partial_group =
            |group: &GroupId| self.scope.partial_groups.get(group.index()) == Some(&true);
        let is_partial = uses.partial
            || !is_readable
            || written.attributes.has_errors()
            || written.groups.has_errors()
            || groups.len() < count
            || groups.iter().any(is_partial_group);
        self.scope.partial_operations.push(is_partial);
        (groups, uses)
    }

    /// Resolves the default metrics of operations once.
    pub(super) fn default_metrics(&mut self) {
        let spec: &Spec = self.spec;
        let defaults = spec.root.defaults.get();
        if let Some(Metrics::On(metrics)) = defaults.and_then(|defaults| defaults.metrics.get()) {
            self.defaults = Some(self.metrics_of(metrics));
        }
    }

    /// Returns the metrics of an operation, with the defaults for absent fields.
    fn operation_metrics(&mut self, written: &Field<Metrics>) -> Option<OperationMetrics> {
        let defaults = self.spec.root.defaults.get();
        let default = defaults.and_then(|defaults| defaults.metrics.get());
        let own = match (written.get(), default) {
            (Some(Metrics::Off), _) | (None, Some(Metrics::Off)) => return None,
            (Some(Metrics::On(metrics)), _) => Some(&**metrics),
            (None, _) => None,
        };
        let shared = self.defaults.clone().unwrap_or_default();
        let Some(own) = own else {
            return Some(shared);
        };
        let mut resolved = self.metrics_of(own);
        if own.dimensions.is_absent() {
            resolved.dimensions = shared.dimensions;
        }
        if own.active.is_absent() {
            resolved.active = shared.active;
        }
        if own.buckets.is_absent() {
            resolved.buckets = shared.buckets;
        }
        Some(resolved)
    }

    fn metrics_of(&mut self, written: &spec::OperationMetrics) -> OperationMetrics {
        let dimensions = self.unique(written.dimensions.items());
        OperationMetrics {
            dimensions: dimensions
                .into_iter()
                .filter_map(|dimension| self.attribute_id(dimension, Referrer::Dimensions))
                .collect(),
            active: written.active.cloned().unwrap_or(false),
            buckets: self.buckets(&written.buckets, true),
        }
    }

    fn sampling(&mut self, written: &spec::Sampling) -> Sampling {
        let mut sampling = Sampling {
            ratio: 1.0,
            keep_errors: false,
            keep_slower_than: None,
        };
        if let Some(ratio) = written.ratio.located() {
            if (0.0..=1.0).contains(&ratio.value) {
                sampling.ratio = ratio.value;
            } else {
                let diag = codes::BAD_RATIO.at(ratio.span, [&ratio.quoted()]);
                self.diagnostics.push(diag);
            }
        }
        for Located { span, value, .. } in written.keep.items() {
            let repeated = match value {
                Keep::Errors => std::mem::replace(&mut sampling.keep_errors, true),
                Keep::SlowerThan(seconds) => sampling.keep_slower_than.replace(*seconds).is_some(),
            };
            if repeated {
                let word = match value {
                    Keep::Errors => "errors",
                    Keep::SlowerThan(_) => "slower_than",
                };
                self.diagnostics
                    .push(codes::REPEATED_REFERENCE.at(*span, [&word]));
            }
        }
        sampling
    }
}

/// Returns the routes without their locations.
fn routes(written: &Field<Routes>) -> Vec<Route> {
    let routes = written.get().map_or(&[][..], |Routes(routes)| routes);
    routes.iter().map(|route| route.value.clone()).collect()
}
