//! `closed_identifier`: an identifier whose values are listed.

use super::entries::{self, Entry};
use super::{Lint, Rule, Said, example, words};
use crate::finding::Level;
use otel_contract_model::{Cardinality, Domain};

pub(super) const RULE: Rule = Rule {
    name: "closed_identifier",
    level: Level::Warn,
    summary: "an identifier declared closed, by `values` or a `range`",
    why: "Identifiers are given out while the service runs: a list of them is out of date tomorrow, and every new one is then an error or `_OTHER`.",
    fix: "Say `cardinality: unbounded`, or, if the set is final, name it for what it is: a type, a kind, a tier.",
    bad: example!("closed_identifier", "bad"),
    good: example!("closed_identifier", "good"),
    check,
};

const IDENTIFIERS: &[&str] = &["id", "uuid", "guid", "ulid"];

fn check(lint: &mut Lint<'_>) {
    for attribute in entries::attributes(lint.contract()) {
        let is_identifier = words::words(words::last(&attribute.key))
            .last()
            .is_some_and(|word| IDENTIFIERS.contains(&word));
        let is_closed = matches!(attribute.cardinality(), Cardinality::Closed(_))
            && attribute.domain != Domain::Boolean;
        if !is_identifier || !is_closed || attribute.semconv {
            continue;
        }
        let said = Said {
            message: format!(
                "`{}` is an identifier, but its values are listed",
                attribute.key
            ),
            label: "closed identifier".to_owned(),
            help: "say `cardinality: unbounded`, or name it for what is listed: a type, a tier"
                .to_owned(),
            ..Said::default()
        };
        lint.push(&Entry::from(attribute), said);
    }
}
