//! A request from its start to its response.

use super::each::EachRequest;
use super::facts::{CallAttributes, CallFacts, ClientTable, ReplyFacts};
use super::tries::Tries;
use crate::active_operation::{ActiveOperation, CurrentCall};
use crate::attribute::AttributeSink;
use crate::definition::{ContractDefinition, InputValue, OTHER, OperationDefinition};
use crate::edge::facts::Facts as _;
use crate::entry::Entry;
use crate::outcome::Failure;
use crate::propagation::{ContractBaggage, TraceContext};
use http::{Extensions, HeaderMap};
use opentelemetry::ContextGuard;

/// Settings of a client layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    table: &'static ClientTable,
    inject: fn(&mut HeaderMap),
    /// `None`: requests set attributes of the current operation.
    each: Option<Each>,
}

/// The operation that each request becomes.
#[derive(Clone, Copy, Debug)]
struct Each {
    definition: &'static OperationDefinition,
    record: fn(&Extensions, &mut AttributeSink<'_>),
}

impl Client {
    pub(crate) fn new<B: ContractBaggage>(contract: &'static ContractDefinition) -> Self {
        Self {
            table: ClientTable::of_contract(contract),
            inject: |headers| TraceContext::<B>::current().inject(headers),
            each: None,
        }
    }

    pub(crate) fn with_each<O: EachRequest>(self) -> Self {
        Self {
            each: Some(Each {
                definition: O::definition(),
                record: O::record,
            }),
            ..self
        }
    }

    /// Whether each request is an operation of its own.
    #[cfg(feature = "reqwest")]
    pub(crate) fn is_each(&self) -> bool {
        self.each.is_some()
    }

    /// Writes the current context to the headers of a request.
    pub(crate) fn inject(&self, headers: &mut HeaderMap) {
        (self.inject)(headers);
    }

    /// Starts the operation of a request, or sets the attributes of the current one.
    pub(crate) fn start(&self, mut facts: CallFacts<'_>, extensions: &Extensions) -> Call {
        facts.template = extensions.get().copied();
        if let Some(each) = &self.each {
            let attributes = self.table.of_operation(each.definition);
            facts.earlier_tries = extensions.get::<Tries>().map(Tries::count);
            return Call::Each(each.start(attributes, &facts, extensions), attributes);
        }
        let Some(current) = CurrentCall::of_contract(self.table.contract) else {
            return Call::Unrecorded;
        };
        let definition = current.definition();
        let attributes = self.table.of_operation(definition);
        facts.earlier_tries = Some(current.count_request()).filter(|count| *count > 0);
        for (index, fact) in &attributes.of_request {
            let values = definition.attributes[*index].values;
            let value = facts.get(*fact).and_then(|fact| fact.allowed(values));
            current.set(*index, value);
        }
        let mut call = Call::Filled(current, attributes);
        // Removes the values of an earlier try.
        call.set_reply(&ReplyFacts::default());
        call
    }
}

impl Each {
    fn start(
        &self,
        attributes: &CallAttributes,
        facts: &CallFacts<'_>,
        extensions: &Extensions,
    ) -> Box<ActiveOperation> {
        let definition = self.definition;
        let mut typed: Vec<(usize, InputValue<'static>)> = Vec::new();
        let is_of_reply = |index: usize| {
            let mut of_reply = attributes.of_reply.iter();
            of_reply.any(|(of_reply, _)| *of_reply == index)
        };
        (self.record)(extensions, &mut |index, value| {
            // The response sets its attributes later, and each attribute is set once.
            if !is_of_reply(index) {
                typed.extend(value().map(|value| (index, value)));
            }
        });
        let values = || {
            let of_request = attributes.of_request.iter();
            let known = of_request.filter_map(|(index, fact)| {
                let values = definition.attributes[*index].values;
                Some((*index, facts.get(*fact)?.allowed(values)?))
            });
            let is_typed = |index: usize| typed.iter().any(|(typed, _)| *typed == index);
            known
                .filter(move |(index, _)| !is_typed(*index))
                .chain(typed.iter().cloned())
        };
        let is_relevant = |index: usize| definition.attributes[index].sampling_relevant;
        let mut entry = Entry::new(definition);
        for (index, value) in values().filter(|(index, _)| is_relevant(*index)) {
            entry.set(index, Some(value));
        }
        let mut operation = Box::new(ActiveOperation::new(definition));
        entry.start(&mut operation, false, definition.attributes.len());
        for (index, value) in values().filter(|(index, _)| !is_relevant(*index)) {
            if operation.wants(index) {
                operation.set(index, Some(value));
            }
        }
        operation.begin();
        operation
    }
}

/// A request that was sent. If an operation of its own is dropped before the response, it was cancelled.
#[derive(Debug)]
pub(crate) enum Call {
    /// No operation records the request.
    Unrecorded,
    /// The request sets attributes of the operation that sends it.
    Filled(CurrentCall, &'static CallAttributes),
    /// The request is an operation of its own.
    Each(Box<ActiveOperation>, &'static CallAttributes),
}

impl Call {
    /// Attaches the context of the request until the guard is dropped.
    pub(crate) fn attach(&self) -> Option<ContextGuard> {
        match self {
            Self::Each(operation, _) => operation.attach(),
            Self::Unrecorded | Self::Filled(..) => None,
        }
    }

    /// Returns the operation of the request, if the request has one of its own.
    #[cfg(feature = "reqwest")]
    pub(crate) fn operation(&mut self) -> Option<&mut ActiveOperation> {
        match self {
            Self::Each(operation, _) => Some(operation),
            Self::Unrecorded | Self::Filled(..) => None,
        }
    }

    /// Sets the attributes of a response; values that are not known are removed.
    fn set_reply(&mut self, reply: &ReplyFacts) {
        let allowed = |definition: &OperationDefinition, index: usize, fact| {
            let values = definition.attributes[index].values;
            reply.get(fact).and_then(|fact| fact.allowed(values))
        };
        match self {
            Self::Unrecorded => {}
            Self::Filled(current, attributes) => {
                for (index, fact) in &attributes.of_reply {
                    current.set(*index, allowed(current.definition(), *index, *fact));
                }
            }
            Self::Each(operation, attributes) => {
                for (index, fact) in &attributes.of_reply {
                    let value = allowed(operation.definition, *index, *fact);
                    operation.set(*index, value);
                }
            }
        }
    }

    /// Records a complete response. By the conventions for clients, a status of 4xx or 5xx is an error.
    pub(crate) fn respond(mut self, reply: &ReplyFacts) {
        self.set_reply(reply);
        if let Self::Each(operation, _) = &mut self {
            if reply.is_error() {
                operation.fail(Failure::new(OTHER));
            } else {
                operation.succeed();
            }
        }
    }

    /// Records that no complete response arrived. `reply`: the part of the response that did.
    pub(crate) fn fail(mut self, reply: &ReplyFacts) {
        self.set_reply(reply);
        if let Self::Each(operation, _) = &mut self {
            operation.fail(Failure::new(OTHER));
        }
    }
}
