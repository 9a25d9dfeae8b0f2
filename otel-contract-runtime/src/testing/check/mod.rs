//! Checks that a recording matches its contracts.

mod attributes;
mod findings;
mod points;
mod records;
mod spans;

pub use findings::Violation;

use super::coverage::file;
use super::recording::Recording;
use crate::description::Contract;
use findings::Findings;
use opentelemetry::InstrumentationScope;
use points::Metrics;
use std::collections::HashMap;
use std::fmt::Write as _;

/// Checks of a [`Recording`] against one or more contracts.
///
/// Spans, metric points and log records in the instrumentation scope of a contract are checked against every rule of
/// that contract. Telemetry of any other instrumentation scope is a violation unless that scope is
/// [allowed](Self::allow_instrumentation_scope). An allowed instrumentation scope may use attributes that no contract
/// declares. Attributes of a contract are checked there too: their type, their values and their privacy.
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
/// scope.assert_contract(Check::of(&billing::CONTRACT).allow_instrumentation_scope("http-client"));
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "pass it to `assert_contract`, or call `violations`"]
pub struct Check {
    contracts: Vec<&'static Contract>,
    allowed: Vec<String>,
    any_scope: bool,
}

impl Check {
    /// Checks against this contract.
    pub fn of(contract: &'static Contract) -> Self {
        Self {
            contracts: vec![contract],
            allowed: Vec::new(),
            any_scope: false,
        }
    }

    /// Checks telemetry in the instrumentation scope of another contract against that contract.
    pub fn and(mut self, contract: &'static Contract) -> Self {
        self.contracts.push(contract);
        self
    }

    /// Allows telemetry of another instrumentation scope.
    pub fn allow_instrumentation_scope(mut self, name: impl Into<String>) -> Self {
        self.allowed.push(name.into());
        self
    }

    /// Allows telemetry of any other instrumentation scope.
    pub fn allow_any_instrumentation_scope(mut self) -> Self {
        self.any_scope = true;
        self
    }

    /// Returns each violation once, with the number of its occurrences.
    #[must_use]
    pub fn violations(&self, recording: &Recording) -> Vec<Violation> {
        let mut findings = Findings::default();
        let metrics: HashMap<&str, Metrics> = self
            .contracts
            .iter()
            .map(|contract| (contract.name, Metrics::of(contract)))
            .collect();
        for span in &recording.spans {
            match self.owner_of(&span.scope) {
                ScopeOwner::Contract(contract) => spans::check(&mut findings, contract, span),
                ScopeOwner::Allowed => spans::check_foreign(&mut findings, &self.contracts, span),
                ScopeOwner::Unknown => {
                    let subject = format!("span `{}`", span.name);
                    self.push_unknown_scope(&mut findings, subject, &span.scope);
                }
            }
        }
        for point in &recording.points {
            match self.owner_of(&point.scope) {
                ScopeOwner::Contract(contract) => {
                    metrics[contract.name].check(&mut findings, point);
                }
                ScopeOwner::Allowed => points::check_foreign(&mut findings, &self.contracts, point),
                ScopeOwner::Unknown => {
                    let subject = format!("metric `{}`", point.metric);
                    self.push_unknown_scope(&mut findings, subject, &point.scope);
                }
            }
        }
        for record in &recording.records {
            match self.owner_of(&record.scope) {
                ScopeOwner::Contract(contract) => records::check(&mut findings, contract, record),
                ScopeOwner::Allowed => {
                    records::check_foreign(&mut findings, &self.contracts, record);
                }
                ScopeOwner::Unknown => {
                    let subject = records::subject(record, "log record");
                    self.push_unknown_scope(&mut findings, subject, &record.scope);
                }
            }
        }
        for lost in &recording.lost {
            let mut contracts = self.contracts.iter();
            if let Some(contract) = contracts.find(|contract| contract.name == lost.contract) {
                spans::check_lost(&mut findings, contract, lost);
            }
        }
        for contract in &self.contracts {
            metrics[contract.name].check_bounds(&mut findings, recording);
            attributes::check_bounds(&mut findings, contract, recording);
            for resource in &recording.resources {
                attributes::check_resource(&mut findings, contract, resource);
            }
        }
        findings.into_vec()
    }

    /// Asserts that telemetry of the contracts was recorded, and that the recording has no violations.
    ///
    /// # Panics
    ///
    /// Panics with the violations, or if no telemetry of the contracts was recorded.
    #[track_caller]
    pub fn assert(&self, recording: &Recording) {
        for contract in &self.contracts {
            file::note_recording(contract, recording);
        }
        let names: Vec<String> = self
            .contracts
            .iter()
            .map(|contract| format!("contract `{}` {}", contract.name, contract.version))
            .collect();
        let names = names.join(" and ");
        let scopes = recording.spans.iter().map(|span| &span.scope);
        let scopes = scopes.chain(recording.points.iter().map(|point| &point.scope));
        let mut scopes = scopes.chain(recording.records.iter().map(|record| &record.scope));
        let has_contract_telemetry =
            scopes.any(|scope| matches!(self.owner_of(scope), ScopeOwner::Contract(_)));
        let violations = self.violations(recording);
        if violations.is_empty() {
            assert!(
                has_contract_telemetry,
                "no telemetry of {names} was recorded, so nothing was checked\n  = help: run the code with \
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
        for (index, violation) in violations.iter().take(MAX_SHOWN).enumerate() {
            let _ = write!(text, "\n\n{}. {violation}", index + 1);
        }
        if count > MAX_SHOWN {
            let _ = write!(text, "\n\nand {} more", count - MAX_SHOWN);
        }
        panic!("{text}");
    }

    fn owner_of(&self, scope: &InstrumentationScope) -> ScopeOwner {
        let mut contracts = self.contracts.iter();
        let contract = contracts.find(|contract| contract.name == scope.name());
        match contract {
            Some(contract) => ScopeOwner::Contract(contract),
            None if self.any_scope || self.allowed.iter().any(|name| name == scope.name()) => {
                ScopeOwner::Allowed
            }
            None => ScopeOwner::Unknown,
        }
    }

    fn push_unknown_scope(
        &self,
        findings: &mut Findings,
        subject: String,
        scope: &InstrumentationScope,
    ) {
        let scope = scope.name();
        let message =
            format!("is recorded by instrumentation scope `{scope}`, which belongs to no contract");
        let help = format!(
            "record it through the contract, or allow the instrumentation scope: `.allow_instrumentation_scope({scope:?})`"
        );
        let contract = self.contracts[0];
        findings
            .of_subject(subject)
            .push(contract, contract.location, message, Some(help));
    }
}

impl From<&'static Contract> for Check {
    fn from(contract: &'static Contract) -> Self {
        Self::of(contract)
    }
}

/// Maximum number of violations in one report. Span names generated at run time can cause any number of violations.
const MAX_SHOWN: usize = 50;

/// Owner of an instrumentation scope.
enum ScopeOwner {
    Contract(&'static Contract),
    Allowed,
    Unknown,
}
