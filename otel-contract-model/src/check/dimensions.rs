//! Dimensions of metrics must be bounded, and their product within the budget.

use std::fmt::Display;

use crate::codes;
use crate::contract::{AttributeId, Budget, Cardinality, Operation, Privacy};
use crate::diagnostics::Faults;
use crate::parse::Spec;
use crate::read::{Entry, Located};
use crate::resolve::Resolved;
use crate::series::{self, Bound, thousands};
use crate::source::Span;
use crate::spec::Metrics;

pub(super) fn check(spec: &Spec, resolved: &Resolved, faults: &mut Faults) {
    let mut dimensions = Dimensions {
        spec,
        resolved,
        faults,
        total: Total::default(),
    };
    dimensions.operations();
    dimensions.metrics();
    dimensions.total();
}

struct Dimensions<'a> {
    spec: &'a Spec,
    resolved: &'a Resolved,
    faults: &'a mut Faults,
    total: Total,
}

/// The series of all metrics together.
#[derive(Default)]
struct Total {
    series: u64,
    beyond: bool,
    largest: Option<(u64, String, Bound)>,
    /// Some bound is unknown for a fault already reported.
    unknown: bool,
}

impl Dimensions<'_> {
    fn operations(&mut self) {
        let contract = &self.resolved.contract;
        let default = self
            .spec
            .root
            .defaults
            .get()
            .and_then(|defaults| defaults.metrics.get());
        for (Entry { name, value }, operation) in
            self.spec.operations.iter().zip(&contract.operations)
        {
            let Some(metrics) = &operation.metrics else {
                continue;
            };
            let own = value.as_ref().map(|operation| &operation.metrics);
            let at = own.and_then(|metrics| metrics.key).unwrap_or(name.span);
            let written = [own.and_then(|metrics| metrics.get()), default];
            let written = written
                .into_iter()
                .flatten()
                .find_map(|metrics| match metrics {
                    Metrics::On(metrics) => metrics.dimensions.get(),
                    Metrics::Off => None,
                });
            let mut sound = true;
            for dimension in written.into_iter().flatten() {
                sound &= self.dimension(dimension, Some(operation));
            }
            let duration = series::duration(contract, operation, metrics);
            self.budget(&format!("{}.duration", operation.name), at, duration, sound);
            if metrics.active {
                let active = series::active(contract, operation, metrics);
                // Never more than the duration has: over its budget, it is so for the same reason.
                self.count(&format!("{}.active", operation.name), active, sound);
            }
        }
    }

    fn metrics(&mut self) {
        let contract = &self.resolved.contract;
        for (Entry { name, value }, metric) in self.spec.metrics.iter().zip(&contract.metrics) {
            let uses = value.iter().flat_map(|metric| metric.attributes.entries());
            let mut sound = true;
            for dimension in uses {
                sound &= self.dimension(&dimension.name, None);
            }
            self.budget(
                &metric.name,
                name.span,
                series::metric(contract, metric),
                sound,
            );
        }
    }

    /// Whether a dimension can label a metric; where not, it is reported.
    fn dimension(&mut self, name: &Located<String>, operation: Option<&Operation>) -> bool {
        let Some(&id) = self.resolved.scope.attributes.get(&name.value) else {
            return true;
        };
        let attribute = &self.resolved.contract[id];
        let declared = self.resolved.scope.place(id);
        let code = match attribute.privacy {
            // Reported where a metric uses it; a dimension of an operation is no use of its own.
            Privacy::Secret if operation.is_none() => return false,
            Privacy::Secret => &codes::SECRET_USED,
            Privacy::Personal(_) => &codes::PERSONAL_DIMENSION,
            _ if !self.resolved.scope.is_decided(id) => return false,
            _ if attribute.cardinality() == Cardinality::Unbounded => &codes::UNBOUNDED_DIMENSION,
            _ => return operation.is_none_or(|operation| self.used(name, id, operation)),
        };
        let fault = code.at(name.span).with(&[&name.value]);
        self.faults.push(fault.related("declared at", declared));
        false
    }

    fn used(&mut self, name: &Located<String>, id: AttributeId, operation: &Operation) -> bool {
        let uses = self.resolved.contract.uses(operation);
        let used = uses.iter().any(|usage| usage.attribute == id);
        // A group that could not be resolved may have had it.
        if !used && !self.resolved.contract.incomplete {
            let arguments: [&dyn Display; 2] = [&name.value, &operation.name];
            self.faults
                .push(codes::DIMENSION_NOT_USED.at(name.span).with(&arguments));
        }
        used
    }

    fn budget(&mut self, metric: &str, at: Span, bound: Bound, sound: bool) {
        let budget = self.resolved.contract.budget.series_per_metric;
        if let (Some(budget), true) = (budget, sound)
            && bound.product().is_none_or(|product| product > budget)
        {
            let arguments: [&dyn Display; 3] = [&metric, &bound, &thousands(budget)];
            let fault = codes::SERIES_OVER_BUDGET.at(at).with(&arguments);
            self.faults.push(self.with_budget(fault));
            // What is over the budget of one metric is no news for that of all.
            self.total.unknown = true;
        }
        self.count(metric, bound, sound);
    }

    fn count(&mut self, metric: &str, bound: Bound, sound: bool) {
        let total = &mut self.total;
        total.unknown |= !sound;
        let product = bound.product();
        match product.and_then(|product| total.series.checked_add(product)) {
            Some(series) => total.series = series,
            None => total.beyond = true,
        }
        let product = product.unwrap_or(u64::MAX);
        if total
            .largest
            .as_ref()
            .is_none_or(|(largest, ..)| product > *largest)
        {
            total.largest = Some((product, metric.to_owned(), bound));
        }
    }

    fn total(&mut self) {
        let Budget {
            series: Some(budget),
            ..
        } = self.resolved.contract.budget
        else {
            return;
        };
        let Total {
            series,
            beyond,
            unknown,
            ..
        } = self.total;
        if unknown || (!beyond && series <= budget) {
            return;
        }
        let Some((_, metric, bound)) = &self.total.largest else {
            return;
        };
        let at = self
            .spec
            .root
            .budget
            .get()
            .and_then(|budget| budget.series.located());
        let at = at.map_or(self.spec.at, |series| series.span);
        let series = if beyond {
            "more than 2⁶⁴".to_owned()
        } else {
            thousands(series)
        };
        let arguments: [&dyn Display; 4] = [&series, &thousands(budget), metric, bound];
        self.faults
            .push(codes::TOTAL_OVER_BUDGET.at(at).with(&arguments));
    }

    fn with_budget(&self, fault: crate::diagnostics::Fault) -> crate::diagnostics::Fault {
        let budget = self
            .spec
            .root
            .budget
            .get()
            .and_then(|it| it.series_per_metric.located());
        match budget {
            Some(budget) => fault.related("the budget is at", budget.span),
            None => fault,
        }
    }
}
