//! Whether everything that was recorded is on contract.

mod findings;
mod points;
mod records;
mod spans;
mod words;

pub use findings::Violation;

use super::recording::Recording;
use crate::description::Contract;
use findings::Findings;
use opentelemetry::InstrumentationScope;
use points::Metrics;
use std::collections::HashMap;
use std::fmt::Write as _;

/// What a [`Recording`] is held to: one contract or several, and what else may be in it.
///
/// Spans, points and records of a contract's instrumentation scope are held to all it says. Those of
/// any other scope are violations unless the scope is [allowed](Self::allow_scope); allowed ones may
/// use words of their own, but a word of the contract means there what it means everywhere: its type,
/// its values, and above all its privacy.
///
/// ```
/// # otel_contract::contract!("doc/billing.yaml");
/// use otel_contract::testing::Check;
///
/// # fn main() {
/// let scope = billing::testing::scope();
/// scope.run(|| billing::InvoiceCreate { order_id: "ord_1".into() }.start().fail(
///     billing::ErrorType::OrderNotFound,
/// ));
/// scope.assert_contract(Check::of(&billing::CONTRACT).allow_scope("http-client"));
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "give it to `assert_contract`, or ask for `violations`"]
pub struct Check {
    contracts: Vec<&'static Contract>,
    allowed: Vec<String>,
    any_scope: bool,
}

impl Check {
    /// Held to this contract.
    pub fn of(contract: &'static Contract) -> Self {
        Self {
            contracts: vec![contract],
            allowed: Vec::new(),
            any_scope: false,
        }
    }

    /// Held to this contract too, for what its scope recorded.
    pub fn and(mut self, contract: &'static Contract) -> Self {
        self.contracts.push(contract);
        self
    }

    /// Another instrumentation scope may record as well.
    pub fn allow_scope(mut self, name: impl Into<String>) -> Self {
        self.allowed.push(name.into());
        self
    }

    /// Any other instrumentation scope may record as well.
    pub fn allow_any_scope(mut self) -> Self {
        self.any_scope = true;
        self
    }

    /// Everything that is off contract, each once, with how often it occurred.
    #[must_use]
    pub fn violations(&self, recording: &Recording) -> Vec<Violation> {
        let mut findings = Findings::default();
        let metrics = self
            .contracts
            .iter()
            .map(|one| (one.name, Metrics::of(one)));
        let metrics: HashMap<&str, Metrics> = metrics.collect();
        for span in &recording.spans {
            match self.whose(&span.scope) {
                Whose::Contract(contract) => spans::check(&mut findings, contract, span),
                Whose::Allowed => spans::check_foreign(&mut findings, &self.contracts, span),
                Whose::Nobody => self.foreign(&mut findings, "span", &span.name, &span.scope),
            }
        }
        for point in &recording.points {
            match self.whose(&point.scope) {
                Whose::Contract(contract) => metrics[contract.name].check(&mut findings, point),
                Whose::Allowed => points::check_foreign(&mut findings, &self.contracts, point),
                Whose::Nobody => self.foreign(&mut findings, "metric", &point.metric, &point.scope),
            }
        }
        for record in &recording.records {
            let name = record.event_name.as_deref().unwrap_or("without a name");
            match self.whose(&record.scope) {
                Whose::Contract(contract) => records::check(&mut findings, contract, record),
                Whose::Allowed => records::check_foreign(&mut findings, &self.contracts, record),
                Whose::Nobody => self.foreign(&mut findings, "log record", name, &record.scope),
            }
        }
        for contract in &self.contracts {
            metrics[contract.name].check_bounds(&mut findings, recording);
            words::check_limits(&mut findings, contract, recording);
            for resource in &recording.resources {
                words::check_resource(&mut findings, contract, resource);
            }
        }
        findings.into_vec()
    }

    /// Nothing is off contract, and something of it was recorded.
    ///
    /// # Panics
    ///
    /// When that is not so, with all violations at once.
    #[track_caller]
    pub fn assert(&self, recording: &Recording) {
        let names: Vec<String> = self
            .contracts
            .iter()
            .map(|one| format!("contract `{}` {}", one.name, one.version))
            .collect();
        let names = names.join(" and ");
        let scopes = recording.spans.iter().map(|span| &span.scope);
        let scopes = scopes.chain(recording.points.iter().map(|point| &point.scope));
        let mut scopes = scopes.chain(recording.records.iter().map(|record| &record.scope));
        let ours = scopes.any(|scope| matches!(self.whose(scope), Whose::Contract(_)));
        let violations = self.violations(recording);
        if violations.is_empty() {
            assert!(
                ours,
                "nothing of {names} was recorded, so nothing was checked\n  = help: run the work by \
                 `scope.run` or `scope.run_async`, and await it before asserting"
            );
            return;
        }
        let (count, noun) = match violations.len() {
            1 => (1, "violation"),
            count => (count, "violations"),
        };
        let mut text = format!(
            "{count} {noun} of {names}, in {} spans, {} points and {} log records",
            recording.spans.len(),
            recording.points.len(),
            recording.records.len(),
        );
        for (index, violation) in violations.iter().take(MOST_SHOWN).enumerate() {
            let _ = write!(text, "\n\n{}. {violation}", index + 1);
        }
        if count > MOST_SHOWN {
            let _ = write!(text, "\n\nand {} more", count - MOST_SHOWN);
        }
        panic!("{text}");
    }

    fn whose(&self, scope: &InstrumentationScope) -> Whose {
        let contract = self.contracts.iter().find(|one| one.name == scope.name());
        match contract {
            Some(contract) => Whose::Contract(contract),
            None if self.any_scope || self.allowed.iter().any(|one| one == scope.name()) => {
                Whose::Allowed
            }
            None => Whose::Nobody,
        }
    }

    fn foreign(
        &self,
        findings: &mut Findings,
        signal: &str,
        name: &str,
        scope: &InstrumentationScope,
    ) {
        let scope = scope.name();
        let message = format!("is recorded by scope `{scope}`, which is of no contract");
        let help = format!(
            "record it through the contract, or let the scope pass: `.allow_scope({scope:?})`"
        );
        let contract = self.contracts[0];
        findings.about(format!("{signal} `{name}`")).push(
            contract,
            contract.location,
            message,
            Some(help),
        );
    }
}

impl From<&'static Contract> for Check {
    fn from(contract: &'static Contract) -> Self {
        Self::of(contract)
    }
}

/// A report with more than this is not read; names that are made up as they go make any number.
const MOST_SHOWN: usize = 50;

/// Whose scope something was recorded in.
enum Whose {
    Contract(&'static Contract),
    Allowed,
    Nobody,
}
