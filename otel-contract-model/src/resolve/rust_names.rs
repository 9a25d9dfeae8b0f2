//! Assigns unique Rust names to the entries of a contract.

use std::collections::HashMap;

use crate::codes;
use crate::contract::RustName;
use crate::files::Span;
use crate::names;
use crate::read::{Field, Located};
use crate::section::Section;

use super::Resolver;

/// The Rust names in use, with their entries.
#[derive(Default)]
pub(super) struct RustNames {
    /// Names in the module: attributes, groups, operations and events.
    module: HashMap<String, Taken>,
    errors: HashMap<String, Taken>,
    metrics: HashMap<String, Taken>,
}

struct Taken {
    /// The entry as named in messages: `` operation `order.place` ``, or `` the handle of operation `order.place` ``.
    entry: String,
    span: Span,
}

impl RustNames {
    fn space(&mut self, section: Section) -> &mut HashMap<String, Taken> {
        match section {
            Section::Attributes | Section::Groups | Section::Operations | Section::Events => {
                &mut self.module
            }
            Section::Errors => &mut self.errors,
            Section::Metrics => &mut self.metrics,
        }
    }
}

impl Resolver<'_> {
    /// Returns the Rust names of an entry, from its `rust_name` or its key. If a name is already in use, reports an
    /// error and returns an unused name.
    pub(super) fn rust_name(
        &mut self,
        section: Section,
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
        let module = !matches!(section, Section::Errors | Section::Metrics);
        if module && names::is_reserved(&rust.camel) {
            let arguments: [&dyn std::fmt::Display; 3] =
                [&section.entry(), &name.value, &rust.camel];
            self.diagnostics
                .push(codes::RESERVED_RUST_NAME.at(name.span, arguments));
            rust.camel.push_str("Entry");
        }
        self.claim(section, name, None, &mut rust);
        let companions: &[&str] = match section {
            Section::Operations => &["Handle", "Builder"],
            Section::Events => &["Builder"],
            Section::Attributes | Section::Groups | Section::Errors | Section::Metrics => &[],
        };
        for suffix in companions {
            let camel = format!("{}{suffix}", rust.camel);
            self.claim(
                section,
                name,
                Some(&suffix.to_lowercase()),
                &mut RustName {
                    snake: rust.snake.clone(),
                    camel,
                },
            );
        }
        rust
    }

    /// Claims a name for an entry, or for its companion: its handle or builder.
    fn claim(
        &mut self,
        section: Section,
        name: &Located<String>,
        companion: Option<&str>,
        rust: &mut RustName,
    ) {
        let entry = format!("{} `{}`", section.entry(), name.value);
        let (entry, becomes) = match companion {
            Some(companion) => (
                format!("the {companion} of {entry}"),
                format!("its {companion} becomes"),
            ),
            None => (entry, "becomes".to_owned()),
        };
        let space = self.rust_names.space(section);
        if let Some(taken) = space.get(&rust.camel) {
            let diag = codes::RUST_NAME_CLASH
                .at(name.span, [&taken.entry, &entry, &rust.camel, &becomes])
                .related("first occurrence at", taken.span);
            self.diagnostics.push(diag);
            let free = names::free(space, &rust.camel);
            rust.snake
                .push_str(free.trim_start_matches(rust.camel.as_str()));
            rust.camel = free;
        }
        let taken = Taken {
            entry,
            span: name.span,
        };
        space.insert(rust.camel.clone(), taken);
    }

    /// Returns the Rust names of a valid `rust_name` field. Reports an invalid name.
    pub(super) fn written_rust_name(&mut self, written: &Field<String>) -> Option<RustName> {
        let Located { span, value, .. } = written.located()?;
        let rust = names::parse_rust_name(value);
        if rust.is_none() {
            self.diagnostics
                .push(codes::BAD_RUST_NAME.at(*span, [value]));
        }
        rust
    }
}
