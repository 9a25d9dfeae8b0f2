//! Resolves attributes in use and their requirement levels.

use crate::codes;
use crate::contract::{Attribute, AttributeUse, Privacy, RequirementLevel};
use crate::diagnostics::Diag;
use crate::files::Span;
use crate::names::ERROR_TYPE;
use crate::read::{Entry, Located};
use crate::spec::Use;

use super::Resolver;
use super::attributes::ERROR_TYPE_HELP;

/// A part of the contract that refers to attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Referrer {
    Operation,
    Group,
    Metric,
    Event,
    Resource,
    Baggage,
    Dimensions,
}

impl Referrer {
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Referrer::Operation => "an operation",
            Referrer::Group => "a group",
            Referrer::Metric => "a metric",
            Referrer::Event => "an event",
            Referrer::Resource => "the resource",
            Referrer::Baggage => "the baggage",
            Referrer::Dimensions => "`dimensions`",
        }
    }

    /// Returns the error for `error.type` in this part of the contract.
    pub(super) fn error_type(self, at: Span) -> Diag {
        let reason = match self {
            Referrer::Resource | Referrer::Baggage => "not allowed here",
            _ => "added automatically",
        };
        codes::ERROR_TYPE_IMPLIED.at(at, [&self.phrase(), &reason])
    }
}

/// The attributes in use, and the requirement level of `error.type`.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) attributes: Vec<AttributeUse>,
    pub(super) error_type: Option<RequirementLevel>,
    /// Some attribute could not be resolved.
    pub(super) partial: bool,
}

impl Resolver<'_> {
    pub(super) fn uses(
        &mut self,
        referrer: Referrer,
        entries: &[Entry<Use>],
        attributes: &[Attribute],
    ) -> Uses {
        let mut uses = Uses::default();
        for Entry { name, value } in entries {
            uses.partial |= value.is_none();
            let (level, relevant) = match value {
                Some(Use {
                    level,
                    sampling_relevant,
                }) => self.level(referrer, name, level, *sampling_relevant),
                // The invalid level is already reported. `recommended` causes no further errors.
                None => (RequirementLevel::Recommended, false),
            };
            if name.value == ERROR_TYPE {
                match referrer {
                    Referrer::Metric | Referrer::Event => uses.error_type = Some(level),
                    Referrer::Operation
                    | Referrer::Group
                    | Referrer::Resource
                    | Referrer::Baggage
                    | Referrer::Dimensions => {
                        let diag = referrer.error_type(name.span);
                        self.diagnostics.push(match referrer {
                            Referrer::Resource => diag.help(ERROR_TYPE_HELP),
                            _ => diag,
                        });
                    }
                }
                continue;
            }
            let Some(id) = self.attribute_id(name, referrer) else {
                uses.partial = true;
                continue;
            };
            if uses.attributes.iter().any(|used| used.attribute == id) {
                // The attribute is listed under two names. The error of the misspelled name is already reported.
                continue;
            }
            let attribute = &attributes[id.index()];
            if attribute.privacy == Privacy::Secret {
                let diag = codes::SECRET_USED.at(name.span, [&name.value]);
                self.diagnostics
                    .push(diag.related("declared at", self.scope.span(id)));
            }
            uses.attributes.push(AttributeUse {
                attribute: id,
                at: self.location(name.span),
                level,
                sampling_relevant: relevant,
            });
        }
        uses
    }

    fn level(
        &mut self,
        referrer: Referrer,
        name: &Located<String>,
        level: &Located<RequirementLevel>,
        relevant: Option<Span>,
    ) -> (RequirementLevel, bool) {
        let late = level.value == RequirementLevel::OnSuccess;
        if late && referrer != Referrer::Operation {
            let diag = codes::ON_SUCCESS_MISPLACED.at(level.span, [&referrer.phrase()]);
            self.diagnostics.push(diag);
            return (RequirementLevel::Recommended, false);
        }
        let Some(at) = relevant else {
            return (level.value.clone(), false);
        };
        if !matches!(referrer, Referrer::Operation | Referrer::Group) {
            self.diagnostics
                .push(codes::SAMPLING_MISPLACED.at(at, [&referrer.phrase()]));
            return (level.value.clone(), false);
        }
        if late {
            self.diagnostics
                .push(codes::SAMPLING_TOO_LATE.at(at, [&name.value]));
        }
        (level.value.clone(), !late)
    }
}
