//! Resolves collisions of Rust names. For example, the semantic conventions contain both `messaging.client_id` and
//! `messaging.client.id`.

use std::collections::HashSet;

use otel_contract_model::names;

/// Used names of the generated module.
#[derive(Debug, Default)]
pub(super) struct Names {
    module: HashSet<String>,
    metrics: HashSet<String>,
}

/// Kind of a named entry. Each kind has a suffix to resolve collisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Attribute,
    /// A deprecated attribute. Current attributes get their names first.
    OldAttribute,
    Group,
    Operation,
    Event,
    Metric,
}

impl Kind {
    fn suffix(self) -> &'static str {
        match self {
            Kind::Attribute => "attribute",
            Kind::OldAttribute => "old",
            Kind::Group => "group",
            Kind::Operation => "operation",
            Kind::Event => "event",
            Kind::Metric => "metric",
        }
    }
}

impl Names {
    /// Reserves the name of an entry. Returns a `rust_name` if the default name is not available.
    pub(super) fn claim(
        &mut self,
        kind: Kind,
        name: &str,
        written: Option<&str>,
    ) -> Option<String> {
        if let Some(written) = written {
            if let Some(rust) = names::parse_rust_name(written) {
                self.take(kind, &rust.camel);
            }
            return Some(written.to_owned());
        }
        let plain = names::rust_name(name)?;
        if self.is_free(kind, &plain.camel) {
            self.take(kind, &plain.camel);
            return None;
        }
        let stem = plain.snake.trim_start_matches("r#").trim_end_matches('_');
        let first = format!("{stem}_{}", kind.suffix());
        let numbered = (2..).map(|number| format!("{first}_{number}"));
        let mut candidates = std::iter::once(first.clone()).chain(numbered);
        candidates.find_map(|candidate| {
            let camel = names::parse_rust_name(&candidate)?.camel;
            let free = self.is_free(kind, &camel);
            free.then(|| {
                self.take(kind, &camel);
                candidate
            })
        })
    }

    fn space(&mut self, kind: Kind) -> &mut HashSet<String> {
        match kind {
            Kind::Metric => &mut self.metrics,
            _ => &mut self.module,
        }
    }

    fn is_free(&mut self, kind: Kind, camel: &str) -> bool {
        let also: &[&str] = match kind {
            Kind::Operation => &["Handle", "Builder"],
            _ => &[],
        };
        let space = self.space(kind);
        let free = |name: &str| !space.contains(name) && !names::is_reserved(name);
        free(camel) && also.iter().all(|suffix| free(&format!("{camel}{suffix}")))
    }

    fn take(&mut self, kind: Kind, camel: &str) {
        let space = self.space(kind);
        space.insert(camel.to_owned());
        if kind == Kind::Operation {
            space.insert(format!("{camel}Handle"));
            space.insert(format!("{camel}Builder"));
        }
    }
}

/// Converts a `CamelCase` name to a valid `rust_name` in `snake_case`.
pub(crate) fn snake(camel: &str) -> String {
    let mut snake = String::new();
    for character in camel.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake.trim_end_matches('_').to_owned()
}
