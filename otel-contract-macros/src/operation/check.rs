//! Arguments against the definition: every mistake of the user's, and what is sound.

use super::Handed;
use super::args::{Args, ErrMapping, Given, Key, Pair, Parameter, variable};
use super::exits::Exits;
use super::literal::{self, Constant, Judged};
use crate::classes;
use crate::mistake::Mistake;
use otel_contract_definition::items::deprecation_constant as warner;
use otel_contract_definition::names::nearest;
use otel_contract_definition::{AttributeDefinition, Definition, Level, Values};
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::Expr;
use syn::spanned::Spanned as _;

/// What is going to be expanded.
pub(crate) struct Plan {
    pub(crate) handle: Option<Ident>,
    pub(crate) parent: Option<Expr>,
    pub(crate) links: Vec<Expr>,
    pub(crate) entry: Vec<Recorded>,
    pub(crate) ok: Option<(Parameter, Vec<Recorded>)>,
    pub(crate) err: Option<ErrMapping>,
    /// Whether an attribute may be given more than once.
    pub(crate) deferred: bool,
    pub(crate) ends: Ends,
    /// Whether a value given at entry holds a call of a macro.
    pub(crate) has_macros: bool,
}

/// When the operation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// When the function returns, or when the future is done that it returns.
    ByType,
    /// When the function returns, whatever it returns.
    AtReturn,
    /// When the returned stream ends.
    WithStream,
}

impl Plan {
    /// How many attributes the span will have, if all are given.
    pub(crate) fn most(&self, definition: &Definition) -> usize {
        if self.deferred {
            return definition.attributes.len();
        }
        let later = self.ok.iter().flat_map(|(_, pairs)| pairs);
        let counts = self.entry.iter().chain(later).map(|one| match one {
            Recorded::Attribute { .. } => 1,
            Recorded::Group { indices, .. } => indices.len(),
        });
        counts.sum()
    }
}

/// One thing to record.
pub(crate) enum Recorded {
    Attribute {
        index: usize,
        sampling_relevant: bool,
        /// The setter to pass the value through, or a value that was checked here.
        value: Checked,
    },
    /// Indices of the operation's attributes, in the order of the group's.
    Group {
        snake: String,
        indices: Vec<usize>,
        /// For each of them, whether the sampler sees it.
        sampled: Vec<bool>,
        value: Box<Expr>,
    },
}

pub(crate) enum Checked {
    /// Goes through the attribute's trait; the name's last part, spanned at the key.
    Expression {
        snake: String,
        required: bool,
        /// What warns where it is given by the old name of its attribute.
        deprecated: Option<Ident>,
        key: Span,
        value: Box<Expr>,
    },
    /// A literal that is a value of the attribute; of a deprecated one, with what warns of it.
    Literal {
        value: TokenStream,
        deprecated: Option<Ident>,
    },
}

/// Mistakes, and keys that only the whole contract's index can say something about.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) unknown: Vec<Key>,
}

pub(crate) fn plan(
    definition: &Definition,
    args: Args,
    handed: &Handed,
    findings: &mut Findings,
) -> Plan {
    let marks = vec![Mark::default(); definition.attributes.len()];
    let mut checker = Checker {
        definition,
        findings,
        marks,
        overlap: false,
        unmatched: 0,
        has_macros: false,
    };
    for value in args.parent.value.iter().chain(&args.links) {
        checker.stays(value);
    }
    let mut entry = Vec::new();
    for given in args.given {
        entry.extend(match given {
            Given::Attribute(pair) => checker.at_entry(pair),
            Given::Group { name, value } => checker.group(&name, value),
        });
    }
    let has_macros = checker.has_macros;
    let ok = args.ok.value.map(|mapping| {
        let pairs = mapping.pairs.into_iter();
        (
            mapping.parameter,
            pairs.filter_map(|pair| checker.at_end(pair)).collect(),
        )
    });
    checker.complete(&handed.path);
    match &args.err.value {
        Some(mapping) => {
            checker.stays(&mapping.class);
            let classes = classes::beyond_the_list(definition, &mapping.class);
            checker.findings.mistakes.extend(classes);
        }
        None => {
            let output = handed.returned.output();
            let named = output.as_ref().unwrap_or(&handed.returned);
            let parameter = named.parameter(&handed.generics);
            let mistake = parameter.map(|tokens| Mistake::generic_return(definition, tokens));
            checker.findings.mistakes.extend(mistake);
        }
    }
    Plan {
        deferred: args.handle.is_some() || checker.overlap,
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
    }
}

struct Checker<'a> {
    definition: &'a Definition,
    findings: &'a mut Findings,
    marks: Vec<Mark>,
    /// Some attribute may be given more than once.
    overlap: bool,
    /// Keys that are none of the operation's, nor near one.
    unmatched: usize,
    /// Some value holds a call of a macro.
    has_macros: bool,
}

/// What is known of one attribute so far: facts that do not exclude each other.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Default)]
struct Mark {
    /// Given by itself at entry.
    at_entry: bool,
    /// A group may give it.
    by_group: bool,
    /// Given in `ok(…)`.
    at_end: bool,
    /// Not to be reported as missing: given, or meant by something reported already.
    settled: bool,
}

impl Checker<'_> {
    fn find(&mut self, key: &Key) -> Option<usize> {
        let attributes = &self.definition.attributes;
        let index = attributes.iter().position(|one| one.key == key.text);
        let index = index.or_else(|| {
            let mut attributes = attributes.iter();
            attributes.position(|one| one.old_name(&key.text).is_some())
        });
        if index.is_some() || self.definition.incomplete {
            return index;
        }
        let claimed = attributes
            .iter()
            .position(|one| one.instead_of.contains(&key.text));
        let near = || {
            let near = nearest(&key.text, attributes.iter().map(|one| one.key.as_str()))?;
            attributes.iter().position(|one| one.key == near)
        };
        let meant = claimed.or_else(near);
        let secret = self
            .definition
            .secrets
            .iter()
            .any(|(secret, _)| *secret == key.text);
        match meant {
            Some(meant) => self.marks[meant].settled = true,
            None => self.unmatched += usize::from(!secret),
        }
        if secret || claimed.is_some() {
            let mistake =
                Mistake::unknown(self.definition, &key.tokens, &key.text, None, key.word());
            self.findings.mistakes.push(mistake);
        } else {
            self.findings.unknown.push(key.clone());
        }
        None
    }

    fn at_entry(&mut self, pair: Pair) -> Option<Recorded> {
        let index = self.find(&pair.key)?;
        let attribute = &self.definition.attributes[index];
        let mark = &mut self.marks[index];
        mark.settled = true;
        if attribute.level == Level::OnSuccess {
            self.findings.mistakes.push(Mistake::known_on_success(
                self.definition,
                attribute,
                &pair.key.tokens,
            ));
            return None;
        }
        if std::mem::replace(&mut mark.at_entry, true) {
            self.findings.mistakes.push(Mistake::given_twice(
                self.definition,
                attribute,
                &pair.key.tokens,
            ));
            return None;
        }
        self.overlap |= mark.by_group;
        self.recorded(index, pair)
    }

    fn at_end(&mut self, pair: Pair) -> Option<Recorded> {
        let index = self.find(&pair.key)?;
        let attribute = &self.definition.attributes[index];
        let mark = &mut self.marks[index];
        mark.settled |= attribute.level == Level::OnSuccess;
        if attribute.sampling_relevant {
            self.findings.mistakes.push(Mistake::sampled_already(
                self.definition,
                attribute,
                &pair.key.tokens,
            ));
            return None;
        }
        if std::mem::replace(&mut mark.at_end, true) {
            self.findings.mistakes.push(Mistake::given_twice(
                self.definition,
                attribute,
                &pair.key.tokens,
            ));
            return None;
        }
        self.overlap |= mark.at_entry || mark.by_group;
        self.recorded(index, pair)
    }

    fn group(&mut self, name: &Key, value: Expr) -> Option<Recorded> {
        if !self.stays(&value) {
            self.marks.iter_mut().for_each(|mark| mark.settled = true);
            return None;
        }
        let definition = self.definition;
        let group = definition
            .groups
            .iter()
            .find(|group| group.name == name.text);
        let (snake, indices, given): (String, Vec<usize>, Vec<usize>) = match group {
            Some(group) => (
                group.snake.clone(),
                group.indices.clone(),
                group.given.clone(),
            ),
            // The operation's own name: a struct that fills all of it.
            None if definition.name == name.text => {
                let required =
                    |index: &usize| definition.attributes[*index].level == Level::Required;
                let all = 0..definition.attributes.len();
                (
                    definition.snake.clone(),
                    all.clone().collect(),
                    all.filter(required).collect(),
                )
            }
            None => {
                if !definition.incomplete {
                    self.findings.mistakes.push(Mistake::unknown_group(
                        definition,
                        &name.tokens,
                        &name.text,
                    ));
                    // Which attributes it was to give is unknown, so none is missing for certain.
                    self.marks.iter_mut().for_each(|mark| mark.settled = true);
                }
                return None;
            }
        };
        for index in &indices {
            let mark = &mut self.marks[*index];
            self.overlap |= mark.at_entry || mark.by_group;
            mark.by_group = true;
        }
        given
            .iter()
            .for_each(|index| self.marks[*index].settled = true);
        let sampled = indices
            .iter()
            .map(|index| definition.attributes[*index].sampling_relevant)
            .collect();
        Some(Recorded::Group {
            snake,
            indices,
            sampled,
            value: Box::new(value),
        })
    }

    fn recorded(&mut self, index: usize, pair: Pair) -> Option<Recorded> {
        let attribute = &self.definition.attributes[index];
        if pair.value.as_ref().is_some_and(|value| !self.stays(value)) {
            return None;
        }
        let value = match pair.value {
            Some(value) => self.checked(attribute, &pair.key, value)?,
            None => {
                let named = (!pair.key.literal).then(|| variable(&pair.key)).flatten();
                let Some(named) = named else {
                    let mistake = Mistake::no_shorthand(self.definition, &pair.key);
                    self.findings.mistakes.push(mistake);
                    return None;
                };
                expression(attribute, &pair.key, named)
            }
        };
        Some(Recorded::Attribute {
            index,
            sampling_relevant: attribute.sampling_relevant,
            value,
        })
    }

    /// An attribute is evaluated after the operation has started, and cannot leave the function.
    fn stays(&mut self, value: &Expr) -> bool {
        let exits = Exits::of(value);
        self.has_macros |= exits.has_macros;
        let Some(token) = exits.first else {
            return true;
        };
        let text = token.to_string();
        let what = format!(
            "`{text}` cannot leave the function from an attribute: the operation has started, and would look cancelled"
        );
        let help =
            "give the value as an `Option`, or work it out before and pass it as an argument";
        self.findings
            .mistakes
            .push(Mistake::at(token, what).help(help));
        false
    }

    /// A literal is checked here, everything else by its type.
    fn checked(
        &mut self,
        attribute: &AttributeDefinition,
        key: &Key,
        value: Expr,
    ) -> Option<Checked> {
        let Some(read) = literal::read(&value) else {
            return Some(expression(attribute, key, value));
        };
        let judged = match &read {
            Ok(constant) => literal::judge(&attribute.values, constant),
            Err(why) => Judged::Refused(Some(why.clone())),
        };
        let recorded = match judged {
            Judged::Recorded(recorded) => recorded,
            Judged::ByType => return Some(expression(attribute, key, value)),
            Judged::Refused(why) => {
                // Among strings a string is shown as the contract writes it; elsewhere its quotes are what is wrong.
                let shown = match (&attribute.values, read) {
                    (Values::Strings { .. } | Values::Newtype { .. }, Ok(Constant::Text(text))) => {
                        text
                    }
                    _ => value.to_token_stream().to_string().replace("- ", "-"),
                };
                let mistake = Mistake::not_a_value(self.definition, attribute, &value, &shown, why);
                self.findings.mistakes.push(mistake);
                return None;
            }
        };
        let written = match read {
            Ok(Constant::Text(text)) => Some(text),
            Ok(Constant::Integer(number, _)) => Some(number.to_string()),
            _ => None,
        };
        let mut old_values = attribute.deprecated_values.iter();
        let old_value = old_values.find(|(old, _)| Some(old) == written.as_ref());
        let deprecated = match (old_value, attribute.old_name(&key.text)) {
            (Some((_, variant)), _) => Some(Ident::new(
                &warner(&format!("{}_{variant}", attribute.snake)),
                value.span(),
            )),
            (None, Some(old)) => Some(Ident::new(&warner(old), key.span())),
            (None, None) => attribute
                .deprecated
                .is_some()
                .then(|| Ident::new(&warner(&attribute.snake), key.span())),
        };
        Some(Checked::Literal {
            value: recorded,
            deprecated,
        })
    }

    /// What nobody gave, in one mistake.
    fn complete(&mut self, path: &TokenStream) {
        if self.definition.incomplete {
            return;
        }
        let missing = |level: Level| -> Vec<&AttributeDefinition> {
            let attributes = self.definition.attributes.iter().zip(&self.marks);
            attributes
                .filter(|(one, mark)| one.level == level && !mark.settled)
                .map(|(one, _)| one)
                .collect()
        };
        let (required, on_success) = (missing(Level::Required), missing(Level::OnSuccess));
        // A key nobody knows may be one of these under another name.
        if required.len() + on_success.len() <= self.unmatched {
            return;
        }
        if !required.is_empty() {
            self.findings
                .mistakes
                .push(Mistake::missing(self.definition, path, &required));
        }
        if !on_success.is_empty() {
            self.findings.mistakes.push(Mistake::missing_on_success(
                self.definition,
                path,
                &on_success,
            ));
        }
    }
}

fn expression(attribute: &AttributeDefinition, key: &Key, value: Expr) -> Checked {
    let span = key.span();
    Checked::Expression {
        snake: attribute.snake.clone(),
        required: attribute.level != Level::Optional,
        deprecated: attribute
            .old_name(&key.text)
            .map(|old| Ident::new(&warner(old), span)),
        key: span,
        value: Box::new(value),
    }
}
