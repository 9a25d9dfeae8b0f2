//! Attributes in use: who names them, and at which level.

use crate::codes;
use crate::contract::{Attribute, AttributeUse, Privacy, RequirementLevel};
use crate::files::Span;
use crate::names::ERROR_TYPE;
use crate::read::{Entry, Located};
use crate::spec::Use;

use super::Resolver;
use super::attributes::ERROR_TYPE_ENDS;

/// What uses attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum User {
    Operation,
    Group,
    Metric,
    Event,
    Resource,
    Baggage,
    Dimensions,
}

impl User {
    pub(super) fn phrase(self) -> &'static str {
        match self {
            User::Operation => "an operation",
            User::Group => "a group",
            User::Metric => "a metric",
            User::Event => "an event",
            User::Resource => "the resource",
            User::Baggage => "the baggage",
            User::Dimensions => "`dimensions`",
        }
    }
}

/// The attributes something uses, and whether `error.type` is among them.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) attributes: Vec<AttributeUse>,
    pub(super) error_type: Option<RequirementLevel>,
    /// Some use could not be resolved.
    pub(super) partial: bool,
}

impl Resolver<'_> {
    pub(super) fn uses(
        &mut self,
        user: User,
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
                }) => self.level(user, name, level, *sampling_relevant),
                // Reported: the level that asks nothing of anybody.
                None => (RequirementLevel::Recommended, false),
            };
            if name.value == ERROR_TYPE {
                match user {
                    User::Metric | User::Event => uses.error_type = Some(level),
                    User::Operation
                    | User::Group
                    | User::Resource
                    | User::Baggage
                    | User::Dimensions => {
                        let fault = codes::ERROR_TYPE_IMPLIED.at(name.span, [&user.phrase()]);
                        self.faults.push(match user {
                            User::Resource => fault.help(ERROR_TYPE_ENDS),
                            _ => fault,
                        });
                    }
                }
                continue;
            }
            let Some(id) = self.attribute_id(name, user) else {
                uses.partial = true;
                continue;
            };
            if uses.attributes.iter().any(|it| it.attribute == id) {
                // Under two names, of which one is a mistake that is reported.
                continue;
            }
            let attribute = &attributes[id.index()];
            if attribute.privacy == Privacy::Secret {
                let fault = codes::SECRET_USED.at(name.span, [&name.value]);
                self.faults
                    .push(fault.related("declared at", self.scope.place(id)));
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
        user: User,
        name: &Located<String>,
        level: &Located<RequirementLevel>,
        relevant: Option<Span>,
    ) -> (RequirementLevel, bool) {
        let late = level.value == RequirementLevel::OnSuccess;
        if late && user != User::Operation {
            let fault = codes::ON_SUCCESS_MISPLACED.at(level.span, [&user.phrase()]);
            self.faults.push(fault);
            return (RequirementLevel::Recommended, false);
        }
        let Some(at) = relevant else {
            return (level.value.clone(), false);
        };
        if !matches!(user, User::Operation | User::Group) {
            self.faults
                .push(codes::SAMPLING_MISPLACED.at(at, [&user.phrase()]));
            return (level.value.clone(), false);
        }
        if late {
            self.faults
                .push(codes::SAMPLING_TOO_LATE.at(at, [&name.value]));
        }
        (level.value.clone(), !late)
    }
}
