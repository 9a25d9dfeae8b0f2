//! The Rust names of a module: each taken once.

use std::collections::HashMap;

use crate::codes;
use crate::contract::RustName;
use crate::names;
use crate::read::{Field, Located};
use crate::source::Span;

use super::Resolver;

/// Which Rust names are taken, and by whom.
#[derive(Default)]
pub(super) struct RustNames {
    /// Attributes, groups, operations and events share the module.
    module: HashMap<String, Taken>,
    errors: HashMap<String, Taken>,
    metrics: HashMap<String, Taken>,
}

struct Taken {
    kind: &'static str,
    name: String,
    span: Span,
}

/// A kind of entry that has a Rust name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Attribute,
    Group,
    Operation,
    Event,
    Error,
    Metric,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Attribute => "attribute",
            Kind::Group => "group",
            Kind::Operation => "operation",
            Kind::Event => "event",
            Kind::Error => "error",
            Kind::Metric => "metric",
        }
    }
}

impl RustNames {
    fn space(&mut self, kind: Kind) -> &mut HashMap<String, Taken> {
        match kind {
            Kind::Attribute | Kind::Group | Kind::Operation | Kind::Event => &mut self.module,
            Kind::Error => &mut self.errors,
            Kind::Metric => &mut self.metrics,
        }
    }
}

impl Resolver<'_> {
    /// The Rust names of an entry: its `rust_name`, else those of its key. A name that is taken is
    /// reported and replaced by a free one.
    pub(super) fn rust_name(
        &mut self,
        kind: Kind,
        name: &Located<String>,
        written: &Field<String>,
    ) -> RustName {
        let rust = self
            .written_rust_name(written)
            .or_else(|| names::rust_name(&name.value));
        let mut rust = rust.unwrap_or_else(|| RustName {
            snake: "unnamed".to_owned(),
            camel: "Unnamed".to_owned(),
        });
        let module = !matches!(kind, Kind::Error | Kind::Metric);
        if module && names::is_reserved(&rust.camel) {
            let arguments: [&dyn std::fmt::Display; 3] = [&kind.word(), &name.value, &rust.camel];
            self.faults
                .push(codes::RESERVED_RUST_NAME.at(name.span, arguments));
            rust.camel.push_str("Entry");
        }
        self.claim(kind, name, &mut rust);
        let companions: &[&str] = match kind {
            Kind::Operation => &["Handle", "Builder"],
            Kind::Event => &["Builder"],
            Kind::Attribute | Kind::Group | Kind::Error | Kind::Metric => &[],
        };
        for suffix in companions {
            let camel = format!("{}{suffix}", rust.camel);
            self.claim(
                kind,
                name,
                &mut RustName {
                    snake: rust.snake.clone(),
                    camel,
                },
            );
        }
        rust
    }

    fn claim(&mut self, kind: Kind, name: &Located<String>, rust: &mut RustName) {
        let space = self.rust_names.space(kind);
        if let Some(taken) = space.get(&rust.camel) {
            let fault = codes::RUST_NAME_CLASH
                .at(
                    name.span,
                    [
                        &taken.kind,
                        &taken.name,
                        &kind.word(),
                        &name.value,
                        &rust.camel,
                    ],
                )
                .related("first occurrence at", taken.span);
            self.faults.push(fault);
            let free = names::free(space, &rust.camel);
            rust.snake
                .push_str(free.trim_start_matches(rust.camel.as_str()));
            rust.camel = free;
        }
        let taken = Taken {
            kind: kind.word(),
            name: name.value.clone(),
            span: name.span,
        };
        space.insert(rust.camel.clone(), taken);
    }

    /// A `rust_name` as written, if it is given and is one.
    pub(super) fn written_rust_name(&mut self, written: &Field<String>) -> Option<RustName> {
        let Located { span, value, .. } = written.located()?;
        let rust = names::rust_name_written(value);
        if rust.is_none() {
            self.faults.push(codes::BAD_RUST_NAME.at(*span, [value]));
        }
        rust
    }
}
