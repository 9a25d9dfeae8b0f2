//! Checks the arguments against the definition, and converts the arguments into a [`Plan`].

mod tracing_options;

use super::args::{Args, EntryValue, ErrMapping};
use super::exits::Exits;
use super::handover::Input;
use super::key::{Key, Pair, variable};
use super::literal::{self, Constant, Judgement};
use super::plan::{Ends, Plan, Recorded, Value};
use super::search::setter_call;
use super::values::{EntryGroup, deprecation, expression};
use crate::classes;
use crate::messages::tracing::{self, TracingOption};
use crate::messages::{Diagnostic, arguments, attributes, literals};
use otel_contract_definition::names::similar_keys;
use otel_contract_definition::{AttributeDefinition, Definition, Level, Values};
use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::Expr;

/// Errors in the arguments.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Unknown keys, which are reported with the index of the whole contract.
    pub(crate) unknown: Vec<Key>,
}

pub(crate) fn plan(
    definition: &Definition,
    args: Args,
    input: &Input,
    findings: &mut Findings,
) -> Plan {
    let marks = vec![Mark::default(); definition.attributes.len()];
    let mut checker = Checker {
        definition,
        findings,
        marks,
        has_overlap: false,
        unmatched: 0,
        has_macros: false,
        tracing: Vec::new(),
    };
    for value in args.parent.value.iter().chain(&args.links) {
        checker.check_exits(value);
    }
    let mut entry = Vec::new();
    for value in args.entry {
        entry.extend(match value {
            EntryValue::Attribute(pair) => checker.entry_attribute(pair),
            EntryValue::Group { name, value } => checker.group(&name, value),
            EntryValue::Tracing(option) => {
                checker.tracing.push(option);
                None
            }
        });
    }
    let has_macros = checker.has_macros;
    checker.check_tracing(args.parent.value.as_ref());
    let ok = args.ok.value.map(|mapping| {
        let pairs = mapping.pairs.into_iter();
        let values = pairs.filter_map(|pair| checker.success_attribute(pair));
        (mapping.parameter, values.collect())
    });
    checker.check_missing(input, args.handle.as_ref());
    let hidden_outcome = checker.check_outcome(args.err.value.as_ref(), input);
    Plan {
        deferred: args.handle.is_some() || checker.has_overlap,
        handle: args.handle,
        parent: args.parent.value,
        links: args.links,
        entry,
        ok,
        err: args.err.value,
        ends: match (args.ends_at_return.value, args.stream.value) {
            (Some(()), _) => Ends::AtReturn,
            (None, Some(())) => Ends::WithStream,
            (None, None) => Ends::ByType,
        },
        has_macros,
        hidden_outcome,
    }
}

struct Checker<'a> {
    definition: &'a Definition,
    findings: &'a mut Findings,
    /// A mark for each attribute of the operation.
    marks: Vec<Mark>,
    /// Whether some attribute may be set more than once.
    has_overlap: bool,
    /// The number of unknown keys, apart from secret ones, for which no single attribute is the likely one.
    unmatched: usize,
    /// Whether some value contains a macro call.
    has_macros: bool,
    /// Options of `tracing::instrument`.
    tracing: Vec<TracingOption>,
}

/// Findings about one attribute. They are independent of each other.
#[allow(clippy::struct_excessive_bools, reason = "the facts are independent")]
#[derive(Clone, Default)]
struct Mark {
    /// Whether the attribute is set individually at entry.
    at_entry: bool,
    /// Whether a group may set the attribute.
    by_group: bool,
    /// Whether the attribute is set in `ok(…)`.
    on_success: bool,
    /// Whether a missing value must not be reported: the value is set, or another error concerns it.
    handled: bool,
}

impl Checker<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.findings.diagnostics.push(diagnostic);
    }

    /// Returns the index of the attribute with this key or old name.
    fn position(&self, key: &Key) -> Option<usize> {
        let known = &self.definition.attributes;
        let by_key = known.iter().position(|attribute| attribute.key == key.text);
        let by_old_name = || {
            let mut known = known.iter();
            known.position(|attribute| attribute.old_name(&key.text).is_some())
        };
        by_key.or_else(by_old_name)
    }

    fn report_unknown(&mut self, key: &Key) {
        let definition = self.definition;
        if definition.incomplete {
            return;
        }
        let known = &definition.attributes;
        let replacement = known
            .iter()
            .position(|attribute| attribute.instead_of.contains(&key.text));
        let similar = || {
            let keys = known.iter().map(|attribute| attribute.key.as_str());
            match similar_keys(&key.text, keys).as_slice() {
                [near] => known.iter().position(|attribute| attribute.key == *near),
                _ => None,
            }
        };
        let mut secrets = definition.secrets.iter();
        let is_secret = secrets.any(|(secret, _)| *secret == key.text);
        match replacement.or_else(similar) {
            Some(index) => self.marks[index].handled = true,
            None => self.unmatched += usize::from(!is_secret),
        }
        if is_secret || replacement.is_some() {
            let is_word = key.is_word();
            self.report(attributes::unknown(
                definition,
                &key.tokens,
                &key.text,
                None,
                is_word,
            ));
        } else {
            self.findings.unknown.push(key.clone());
        }
    }

    fn entry_attribute(&mut self, pair: Pair) -> Option<Recorded> {
        let Some(index) = self.position(&pair.key) else {
            match self.tracing_option(&pair) {
                Some(option) => self.tracing.push(option),
                None => self.report_unknown(&pair.key),
            }
            return None;
        };
        let definition = self.definition;
        let attribute = &definition.attributes[index];
        let mark = &mut self.marks[index];
        mark.handled = true;
        let tokens = &pair.key.tokens;
        if attribute.level == Level::OnSuccess {
            self.report(attributes::only_on_success(definition, attribute, tokens));
            return None;
        }
        if std::mem::replace(&mut mark.at_entry, true) {
            self.report(attributes::duplicate(definition, attribute, tokens));
            return None;
        }
        self.has_overlap |= mark.by_group;
        self.recorded(index, pair)
    }

    fn success_attribute(&mut self, pair: Pair) -> Option<Recorded> {
        let Some(index) = self.position(&pair.key) else {
            self.report_unknown(&pair.key);
            return None;
        };
        let definition = self.definition;
        let attribute = &definition.attributes[index];
        let mark = &mut self.marks[index];
        mark.handled |= attribute.level == Level::OnSuccess;
        let tokens = &pair.key.tokens;
        if attribute.sampling_relevant {
            self.report(attributes::after_sampling(definition, attribute, tokens));
            return None;
        }
        if std::mem::replace(&mut mark.on_success, true) {
            self.report(attributes::duplicate(definition, attribute, tokens));
            return None;
        }
        self.has_overlap |= mark.at_entry || mark.by_group;
        self.recorded(index, pair)
    }

    fn group(&mut self, name: &Key, value: Expr) -> Option<Recorded> {
        if !self.check_exits(&value) {
            self.mark_all_handled();
            return None;
        }
        let definition = self.definition;
        let Some(group) = EntryGroup::find(definition, &name.text) else {
            if !definition.incomplete {
                self.report(attributes::unknown_group(
                    definition,
                    &name.tokens,
                    &name.text,
                ));
                // The unknown group may have set any of the missing attributes.
                self.mark_all_handled();
            }
            return None;
        };
        for index in &group.indices {
            let mark = &mut self.marks[*index];
            self.has_overlap |= mark.at_entry || mark.by_group;
            mark.by_group = true;
        }
        for index in group.always_set {
            self.marks[index].handled = true;
        }
        let indices = group.indices.iter();
        Some(Recorded::Group {
            sampling_relevant: indices
                .map(|index| definition.attributes[*index].sampling_relevant)
                .collect(),
            snake: group.snake,
            indices: group.indices,
            value: Box::new(value),
        })
    }

    fn mark_all_handled(&mut self) {
        for mark in &mut self.marks {
            mark.handled = true;
        }
    }

    fn recorded(&mut self, index: usize, pair: Pair) -> Option<Recorded> {
        let definition = self.definition;
        let attribute = &definition.attributes[index];
        if let Some(sigil) = &pair.sigil {
            self.report(tracing::sigil(
                definition,
                attribute,
                sigil,
                &pair.without_sigil(),
            ));
            return None;
        }
        let Pair { key, value, .. } = pair;
        let value = match value {
            Some(value) if !self.check_exits(&value) => return None,
            Some(value) => self.value(attribute, &key, value)?,
            None => {
                let named = (!key.is_literal).then(|| variable(&key)).flatten();
                let Some(named) = named else {
                    self.report(arguments::attribute_shorthand(
                        definition,
                        &key.tokens,
                        key.is_literal,
                    ));
                    return None;
                };
                expression(attribute, &key, named)
            }
        };
        Some(Recorded::Attribute {
            index,
            sampling_relevant: attribute.sampling_relevant,
            value,
        })
    }

    /// Rejects a value that leaves the function. The value would be evaluated after the start of the operation.
    fn check_exits(&mut self, value: &Expr) -> bool {
        let exits = Exits::of(value);
        self.has_macros |= exits.has_macros;
        match exits.first {
            Some(token) => {
                self.report(arguments::leaves_function(token));
                false
            }
            None => true,
        }
    }

    /// Checks a literal here; rustc checks the type of any other expression.
    fn value(&mut self, attribute: &AttributeDefinition, key: &Key, value: Expr) -> Option<Value> {
        let Some(read) = literal::read(&value) else {
            return Some(expression(attribute, key, value));
        };
        let judgement = match &read {
            Ok(constant) => literal::judge(&attribute.values, constant),
            Err(fix) => Judgement::Rejected(Some(fix.clone())),
        };
        match judgement {
            Judgement::Recorded(recorded) => Some(Value::Literal {
                recorded,
                deprecation: deprecation(attribute, key, &value, read.as_ref().ok()),
            }),
            Judgement::ByType => Some(expression(attribute, key, value)),
            Judgement::Rejected(fix) => {
                // In a set of strings, the message shows a string without quotes, as in the contract. Otherwise the
                // quotes are the error and are shown.
                let shown = match (&attribute.values, read) {
                    (Values::Strings { .. } | Values::Newtype { .. }, Ok(Constant::Text(text))) => {
                        text
                    }
                    _ => value.to_token_stream().to_string().replace("- ", "-"),
                };
                let definition = self.definition;
                self.report(literals::not_a_value(
                    definition, attribute, &value, &shown, fix,
                ));
                None
            }
        }
    }

    /// Reports all missing attributes of a level in one error.
    fn check_missing(&mut self, input: &Input, handle: Option<&Ident>) {
        let definition = self.definition;
        if definition.incomplete {
            return;
        }
        let missing = |level: Level| -> Vec<&AttributeDefinition> {
            let attributes = definition.attributes.iter().zip(&self.marks);
            attributes
                .filter(|(attribute, mark)| attribute.level == level && !mark.handled)
                .map(|(attribute, _)| attribute)
                .collect()
        };
        let (required, on_success) = (missing(Level::Required), missing(Level::OnSuccess));
        // Each unknown key may be meant for one missing attribute, so missing attributes are reported only if they
        // outnumber the unknown keys.
        if required.len() + on_success.len() <= self.unmatched {
            return;
        }
        if !required.is_empty() {
            self.report(attributes::missing(definition, &input.path, &required));
        }
        if !on_success.is_empty() {
            let mut missing = on_success.iter();
            let set_by_body = handle.and_then(|handle| {
                missing.find_map(|attribute| {
                    let call = setter_call(&input.body, handle, &attribute.snake);
                    call.then(|| format!("{handle}.{}(…)", attribute.snake))
                })
            });
            self.report(attributes::missing_on_success(
                definition,
                &input.path,
                &on_success,
                set_by_body,
            ));
        }
    }

    /// Checks the classes in `err(…)`. Without `err(…)`, rejects a return type that does not determine the outcome, and
    /// returns a warning about a return type that hides the outcome.
    fn check_outcome(&mut self, mapping: Option<&ErrMapping>, input: &Input) -> Option<String> {
        let definition = self.definition;
        if let Some(mapping) = mapping {
            self.check_exits(&mapping.class);
            let unlisted = classes::unlisted(definition, &mapping.class);
            self.findings.diagnostics.extend(unlisted);
            return None;
        }
        let output = input.returned.output();
        let returned = output.as_ref().unwrap_or(&input.returned);
        if let Some(parameter) = returned.parameter(&input.generics) {
            self.report(arguments::generic_return(definition, parameter));
        }
        let is_hidden = definition.lists_errors && returned.is_opaque() && !returned.is_closure();
        is_hidden.then(|| arguments::hidden_outcome(definition, &returned.tokens))
    }
}
