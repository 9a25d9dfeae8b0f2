//! Checks that the dimensions of metrics are bounded, and that the number of series is within the budget.

use std::collections::HashSet;
use std::fmt::Display;

use super::reduction;
use crate::codes::{self, Template};
use crate::contract::{AttributeId, Budget, Cardinality, Domain, Operation, Privacy, Type};
use crate::diagnostics::DiagContext;
use crate::files::Span;
use crate::names;
use crate::parse::Spec;
use crate::read::{Entry, Located};
use crate::resolve::Resolved;
use crate::series::{self, Bound, thousands};
use crate::spec::{self, Metrics};

pub(super) fn check(spec: &Spec, resolved: &Resolved, diagnostics: &mut DiagContext) {
    let mut dimensions = Dimensions {
        spec,
        resolved,
        diagnostics,
        total: Total::default(),
    };
    dimensions.check_operations();
    dimensions.check_metrics();
    dimensions.check_total();
}

struct Dimensions<'a> {
    spec: &'a Spec,
    resolved: &'a Resolved,
    diagnostics: &'a mut DiagContext,
    total: Total,
}

/// The default dimensions of operations.
struct Defaults<'a> {
    /// Whether all default dimensions can label a metric.
    is_valid: bool,
    unused: Vec<Unused<'a>>,
}

/// A dimension, and the operations that do not use the attribute.
struct Unused<'a> {
    name: &'a Located<String>,
    operations: Vec<&'a str>,
}

/// The number of series of all metrics together.
#[derive(Default)]
struct Total {
    series: u64,
    /// Whether the sum exceeds 64 bits.
    overflowed: bool,
    largest: Option<(u64, String, Bound)>,
    /// Whether some bound is unknown because of an error. The error is already reported.
    unknown: bool,
}

impl<'a> Dimensions<'a> {
    fn check_operations(&mut self) {
        let mut defaults = self.check_defaults();
        let operations = &self.resolved.contract.operations;
        let entries = self.spec.operations.iter().zip(operations);
        for (index, (entry, operation)) in entries.enumerate() {
            self.check_operation(index, entry, operation, &mut defaults);
        }
        for unused in defaults.unused {
            // A dimension that cannot label a metric is already reported.
            if !unused.operations.is_empty() && self.dimension_error(unused.name).is_none() {
                self.report_unused(&unused);
            }
        }
    }

    /// Checks the default dimensions once, even if no operation uses them.
    fn check_defaults(&mut self) -> Defaults<'a> {
        let defaults = self.spec.root.defaults.get();
        let names = match defaults.and_then(|defaults| defaults.metrics.get()) {
            Some(Metrics::On(metrics)) => metrics.dimensions.items(),
            Some(Metrics::Off) | None => &[],
        };
        let mut is_valid = defaults.is_none_or(|defaults| !defaults.metrics.has_errors());
        for name in names {
            is_valid &= self.check_dimension(name, true);
        }
        let unused = names.iter().map(|name| Unused {
            name,
            operations: Vec::new(),
        });
        Defaults {
            is_valid,
            unused: unused.collect(),
        }
    }

    fn check_operation(
        &mut self,
        index: usize,
        Entry { name, value }: &'a Entry<spec::Operation>,
        operation: &'a Operation,
        defaults: &mut Defaults<'a>,
    ) {
        let Some(metrics) = &operation.metrics else {
            return;
        };
        let resolved = self.resolved;
        let own = value.as_ref().map(|operation| &operation.metrics);
        let at = own.and_then(|metrics| metrics.key).unwrap_or(name.span);
        let own_dimensions = match own.and_then(|metrics| metrics.get()) {
            Some(Metrics::On(metrics)) if !metrics.dimensions.is_absent() => {
                Some(metrics.dimensions.items())
            }
            _ => None,
        };
        let is_complete = resolved.scope.partial_operations.get(index) == Some(&false);
        let is_readable = value
            .as_ref()
            .is_some_and(|written| !written.errors.has_errors() && !written.metrics.has_errors());
        let mut is_valid = is_readable && (is_complete || metrics.dimensions.is_empty());
        // An unresolved use may be a use of the dimension.
        let known = is_complete && !metrics.dimensions.is_empty();
        let uses: Option<HashSet<AttributeId>> = known.then(|| {
            let uses = resolved.contract.uses(operation).into_iter();
            uses.map(|usage| usage.attribute).collect()
        });
        let is_unused = |name: &Located<String>| {
            let id = resolved.scope.attributes.get(&name.value);
            id.is_some_and(|id| uses.as_ref().is_some_and(|uses| !uses.contains(id)))
        };
        if let Some(dimensions) = own_dimensions {
            for name in dimensions {
                let fits = self.check_dimension(name, true);
                if fits && is_unused(name) {
                    let operations = vec![operation.name.as_str()];
                    self.report_unused(&Unused { name, operations });
                    is_valid = false;
                }
                is_valid &= fits;
            }
        } else {
            is_valid &= defaults.is_valid;
            for default in &mut defaults.unused {
                if is_unused(default.name) {
                    default.operations.push(&operation.name);
                    is_valid = false;
                }
            }
        }
        let duration = series::duration(&resolved.contract, operation, metrics);
        self.check_budget(
            &format!("{}.duration", operation.name),
            at,
            duration,
            is_valid,
        );
        if metrics.active {
            let active = series::active(&resolved.contract, operation, metrics);
            // `active` never has more series than the duration, so only the duration is checked against the budget.
            self.add_to_total(&format!("{}.active", operation.name), active, is_valid);
        }
    }

    fn check_metrics(&mut self) {
        let contract = &self.resolved.contract;
        for (Entry { name, value }, metric) in self.spec.metrics.iter().zip(&contract.metrics) {
            let uses = value.iter().flat_map(|metric| metric.attributes.entries());
            let mut is_valid = value
                .as_ref()
                .is_some_and(|metric| !metric.attributes.has_errors());
            for dimension in uses {
                is_valid &= self.check_dimension(&dimension.name, false);
            }
            self.check_budget(
                &metric.name,
                name.span,
                series::metric(contract, metric),
                is_valid,
            );
        }
    }

    /// Returns whether a dimension can label a metric. Reports an error otherwise.
    fn check_dimension(&mut self, name: &Located<String>, of_operation: bool) -> bool {
        let Some(&id) = self.resolved.scope.attributes.get(&name.value) else {
            return true;
        };
        let attribute = &self.resolved.contract[id];
        let Some(code) = self.dimension_error(name) else {
            return true;
        };
        // The resolver reports secrets among the attributes of a metric, but not among the `dimensions` of an operation.
        let reported = **code == codes::SECRET_USED && !of_operation;
        let undecided = **code == codes::UNBOUNDED_DIMENSION && !self.resolved.scope.is_decided(id);
        if reported || undecided {
            return false;
        }
        let mut diag = code.at(name.span, [&name.value]);
        if **code != codes::SECRET_USED {
            let article = if of_operation { "the" } else { "an" };
            let choice = match (attribute.privacy, &attribute.domain) {
                (Privacy::Personal(_), _) => "",
                (_, Domain::Unbounded(Type::String)) => "list the `values`, make it `bounded`, or ",
                (_, Domain::Unbounded(Type::Int)) => "add a `range`, or ",
                _ => "",
            };
            diag = diag.help(format!("{choice}record it on {article} operation instead"));
        }
        let declared = self.resolved.scope.span(id);
        self.diagnostics.push(diag.related("declared at", declared));
        false
    }

    /// Returns the error of a dimension that cannot label a metric; `None` for valid dimensions and unknown names.
    fn dimension_error(&self, name: &Located<String>) -> Option<&'static Template<1>> {
        let id = *self.resolved.scope.attributes.get(&name.value)?;
        let attribute = &self.resolved.contract[id];
        match attribute.privacy {
            Privacy::Secret => Some(&codes::SECRET_USED),
            Privacy::Personal(_) => Some(&codes::PERSONAL_DIMENSION),
            Privacy::Public | Privacy::Internal => {
                let unbounded = attribute.cardinality() == Cardinality::Unbounded;
                (unbounded || !self.resolved.scope.is_decided(id))
                    .then_some(&codes::UNBOUNDED_DIMENSION)
            }
        }
    }

    fn report_unused(&mut self, unused: &Unused<'_>) {
        let (owners, help) = match unused.operations.as_slice() {
            [operation] => (
                format!("operation `{operation}`"),
                "add it to the operation's `attributes`, or remove it here",
            ),
            operations => (
                format!("operations {}", names::list(operations)),
                "add it to their `attributes`, or set `metrics` on each operation",
            ),
        };
        let diag = codes::DIMENSION_NOT_USED.at(unused.name.span, [&unused.name.value, &owners]);
        self.diagnostics.push(diag.help(help));
    }

    fn check_budget(&mut self, metric: &str, at: Span, bound: Bound, is_valid: bool) {
        let budget = self.resolved.contract.budget.per_metric();
        let is_over = bound.product().is_none_or(|product| product > budget);
        if is_over && is_valid && !self.is_budget_invalid() {
            self.report_over_budget(metric, at, &bound, budget);
        }
        // Already reported for the metric; skip the total.
        self.total.unknown |= is_over;
        self.add_to_total(metric, bound, is_valid);
    }

    /// Returns whether the written budget is invalid. No metric is compared with an invalid budget.
    fn is_budget_invalid(&self) -> bool {
        let resolved = self.resolved.contract.budget.series_per_metric;
        let root = &self.spec.root.budget;
        let written = root.get().map(|budget| &budget.series_per_metric);
        let is_written = written.is_some_and(|written| !written.is_absent());
        resolved.is_none() && (root.has_errors() || is_written)
    }

    fn report_over_budget(&mut self, metric: &str, at: Span, bound: &Bound, budget: u64) {
        let written = self.spec.root.budget.get();
        let written = written.and_then(|budget| budget.series_per_metric.located());
        let whose = if written.is_some() {
            "its"
        } else {
            "the default"
        };
        let arguments: [&dyn Display; 4] = [&metric, &whose, bound, &thousands(budget)];
        let advice = reduction::advice(&self.resolved.contract, bound, budget);
        let diag = codes::SERIES_OVER_BUDGET.at(at, arguments).help(format!(
            "{advice}; or raise the budget: `budget: {{ series_per_metric: … }}`"
        ));
        self.diagnostics.push(match written {
            Some(written) => diag.related("budget set at", written.span),
            None => diag,
        });
    }

    fn add_to_total(&mut self, metric: &str, bound: Bound, is_valid: bool) {
        let total = &mut self.total;
        total.unknown |= !is_valid;
        let product = bound.product();
        match product.and_then(|product| total.series.checked_add(product)) {
            Some(series) => total.series = series,
            None => total.overflowed = true,
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

    fn check_total(&mut self) {
        let Budget {
            series: Some(budget),
            ..
        } = self.resolved.contract.budget
        else {
            return;
        };
        let Total {
            series,
            overflowed,
            unknown,
            ..
        } = self.total;
        if unknown || (!overflowed && series <= budget) {
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
        let series = if overflowed {
            "more than 2⁶⁴".to_owned()
        } else {
            thousands(series)
        };
        let arguments: [&dyn Display; 4] = [&series, &thousands(budget), metric, bound];
        self.diagnostics
            .push(codes::TOTAL_OVER_BUDGET.at(at, arguments));
    }
}
