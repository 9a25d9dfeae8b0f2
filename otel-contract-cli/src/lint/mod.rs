//! Lints: advice for contracts, except for entries with errors. One file per rule, one row in [`RULES`].

mod boolean_prefix;
mod brief_quality;
mod closed_identifier;
pub(crate) mod comment_in_text;
mod deprecated_in_use;
mod dimension_of_no_use;
mod entries;
mod expired;
mod incomplete_resource;
mod large_closed_set;
mod metric_without_owner;
mod name_style;
mod namespace;
mod near_duplicate;
mod operation_without_errors;
mod owner_missing;
mod personal_name;
mod route_without_http_attributes;
mod routes_without_other;
pub(crate) mod schema_line;
pub(crate) mod section_order;
mod semconv_mismatch;
mod settings;
mod unit_in_name;
mod unused_allowance;
mod words;

use crate::finding::{Finding, Level, Place, RuleId};
use crate::text::Texts;
use entries::{EntriesWithErrors, Entry};
use otel_contract_model::{Allowance, Compiled, Contract, Location};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

pub(crate) use personal_name::{Sensitive, sensitivity};
pub(crate) use section_order::sections;
pub(crate) use settings::{Day, LevelArgs, Settings};

/// A lint with its documentation.
pub(crate) struct Rule {
    /// Name for `allow:` and the command line.
    pub(crate) name: &'static str,
    /// Default level.
    pub(crate) level: Level,
    /// One-line summary.
    pub(crate) summary: &'static str,
    /// Reason.
    pub(crate) why: &'static str,
    /// Advice.
    pub(crate) fix: &'static str,
    /// A contract with a finding.
    pub(crate) bad: &'static str,
    /// The same contract without the finding.
    pub(crate) good: &'static str,
    check: fn(&mut Lint<'_>),
}

/// Every lint. The last lint, `unused_allowance`, depends on the results of the others.
pub(crate) const RULES: &[&Rule] = &[
    &boolean_prefix::RULE,
    &brief_quality::RULE,
    &closed_identifier::RULE,
    &comment_in_text::RULE,
    &deprecated_in_use::RULE,
    &dimension_of_no_use::RULE,
    &expired::RULE,
    &incomplete_resource::RULE,
    &large_closed_set::RULE,
    &metric_without_owner::RULE,
    &name_style::RULE,
    &namespace::RULE,
    &near_duplicate::RULE,
    &operation_without_errors::RULE,
    &owner_missing::RULE,
    &personal_name::RULE,
    &route_without_http_attributes::RULE,
    &routes_without_other::RULE,
    &schema_line::RULE,
    &section_order::RULE,
    &semconv_mismatch::RULE,
    &unit_in_name::RULE,
    &unused_allowance::RULE,
];

/// Includes an example contract of a rule: `example!("boolean_prefix", "bad")`.
macro_rules! example {
    ($name:literal, $which:literal) => {
        include_str!(concat!("examples/", $name, "/", $which, ".yaml"))
    };
}
use example;

/// Returns the lint findings of a contract. Entries with errors are skipped, because their findings may
/// only be follow-up errors.
pub(crate) fn contract(compiled: &Compiled, settings: &Settings) -> Vec<Finding> {
    let Some(contract) = &compiled.contract else {
        return Vec::new();
    };
    let mut texts = Texts::default();
    texts.add(compiled);
    let context = Context {
        contract,
        compiled,
        settings,
        texts,
        with_errors: EntriesWithErrors::new(compiled, contract),
        allowances: allowances(contract),
        used: RefCell::default(),
    };
    let mut findings = Vec::new();
    for rule in RULES {
        let mut lint = Lint {
            rule,
            context: &context,
            findings: Vec::new(),
        };
        (rule.check)(&mut lint);
        findings.append(&mut lint.findings);
    }
    findings
}

fn allowances(contract: &Contract) -> HashMap<&Location, Vec<&Allowance>> {
    let mut allowances: HashMap<&Location, Vec<&Allowance>> = HashMap::new();
    for allowance in &contract.allowances {
        let entry = allowances.entry(&allowance.entry_at).or_default();
        entry.push(allowance);
    }
    allowances
}

/// A contract with everything the rules need.
struct Context<'a> {
    contract: &'a Contract,
    compiled: &'a Compiled,
    settings: &'a Settings,
    texts: Texts,
    with_errors: EntriesWithErrors,
    /// Allowances by location of the entry.
    allowances: HashMap<&'a Location, Vec<&'a Allowance>>,
    /// Locations of allowances that have suppressed a finding.
    used: RefCell<HashSet<&'a Location>>,
}

impl<'a> Context<'a> {
    /// Returns the allowances of an entry. Allowances of a template apply to all its keys.
    fn allowances_of(&self, entry: &Entry<'a>) -> Vec<&'a Allowance> {
        let here = self.allowances.get(entry.at);
        let mut allowances = here.cloned().unwrap_or_default();
        if let Some(template) = entry.template {
            let all = self.contract.allowances.iter();
            allowances.extend(all.filter(|allowance| allowance.entry == template));
        }
        allowances
    }
}

/// One run of a rule on a contract.
struct Lint<'a> {
    rule: &'static Rule,
    context: &'a Context<'a>,
    findings: Vec<Finding>,
}

/// A problem that a rule reports.
#[derive(Default)]
struct Issue {
    message: String,
    label: String,
    help: String,
    related: Vec<(String, Location)>,
    /// Location and word to underline. By default, the name of the entry.
    at: Option<(Location, String)>,
}

impl<'a> Lint<'a> {
    fn contract(&self) -> &'a Contract {
        self.context.contract
    }

    /// Reports a problem with an entry, unless the entry allows the rule or contains errors.
    fn push(&mut self, entry: &Entry<'a>, issue: Issue) {
        self.push_unless_any_allows(&[entry], issue);
    }

    /// Reports a problem with the first of these entries, unless one of the entries allows the rule or contains errors.
    fn push_unless_any_allows(&mut self, entries: &[&Entry<'a>], issue: Issue) {
        let Some(entry) = entries.first() else {
            return;
        };
        if entries
            .iter()
            .any(|entry| self.context.with_errors.contains(entry.at))
            || self.is_allowed(entries)
        {
            return;
        }
        let (at, word) = match issue.at.clone() {
            Some((at, word)) => (at, word),
            None => (entry.at.clone(), entry.written().to_owned()),
        };
        let length = self.length(&at, &word);
        self.push_at(Place { at, length }, issue);
    }

    /// Returns whether an entry allows the rule, and marks the allowance as used.
    fn is_allowed(&self, entries: &[&Entry<'a>]) -> bool {
        let mut allowed = false;
        for entry in entries {
            for allowance in self.context.allowances_of(entry) {
                if allowance.lint == self.rule.name {
                    self.context.used.borrow_mut().insert(&allowance.at);
                    allowed = true;
                }
            }
        }
        allowed
    }

    /// Reports a problem at a location, without looking at allowances.
    fn push_at(&mut self, place: Place, issue: Issue) {
        let level = self.context.settings.levels.level(self.rule);
        if level == Level::Allow {
            return;
        }
        self.findings.push(Finding {
            rule: RuleId::Lint(self.rule.name),
            level,
            message: issue.message,
            place,
            label: issue.label,
            help: (!issue.help.is_empty()).then_some(issue.help),
            related: issue.related,
            replacement: None,
        });
    }

    /// Returns the length of a word in the source, including its quotes.
    fn length(&self, at: &Location, word: &str) -> u32 {
        let line = self.context.texts.line(at);
        let first = line.chars().nth(at.column.saturating_sub(1) as usize);
        let quotes = if matches!(first, Some('"' | '\'')) {
            2
        } else {
            0
        };
        let length = u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
        length.saturating_add(quotes).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use otel_contract_model::{LINTS, Source};
    use otel_contract_yaml::compile;

    fn findings(text: &str) -> Vec<Finding> {
        let compiled = compile(&Source::text("", "contract.yaml", text));
        assert_eq!(compiled.diagnostics.to_string(), "", "{text}");
        let settings = Settings {
            levels: settings::Levels::all_reported(),
            today: "2026-11-25".parse().expect("a day"),
        };
        contract(&compiled, &settings)
    }

    #[test]
    fn rules_match_the_lint_names_of_the_model() {
        let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names, LINTS);
    }

    #[test]
    fn each_rule_reports_its_bad_example_and_accepts_its_good_example() {
        for rule in RULES {
            let found = |text| {
                let findings = findings(text).into_iter();
                findings
                    .filter(|finding| finding.rule == RuleId::Lint(rule.name))
                    .count()
            };
            assert!(
                found(rule.bad) > 0,
                "{}: no finding in the bad example",
                rule.name
            );
            assert_eq!(
                found(rule.good),
                0,
                "{}: finding in the good example",
                rule.name
            );
        }
    }

    #[test]
    fn good_examples_have_no_findings_of_other_rules() {
        for rule in RULES {
            let others: Vec<String> = findings(rule.good)
                .into_iter()
                // The order and the schema line do not matter in a short example.
                .filter(|finding| {
                    !matches!(
                        finding.rule,
                        RuleId::Lint(schema_line::NAME | section_order::NAME)
                    )
                })
                .map(|finding| format!("{}: {}", finding.rule.id(), finding.message))
                .collect();
            assert_eq!(others, [""; 0], "{}", rule.name);
        }
    }

    #[test]
    fn texts_are_single_lines_with_the_right_punctuation() {
        for rule in RULES {
            for text in [rule.summary, rule.why, rule.fix] {
                assert!(!text.is_empty() && !text.contains('\n'), "{}", rule.name);
            }
            assert!(!rule.summary.ends_with('.'), "{}", rule.name);
            assert!(
                rule.why.ends_with('.') && rule.fix.ends_with('.'),
                "{}",
                rule.name
            );
        }
    }
}
