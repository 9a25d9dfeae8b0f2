//! `closed_identifier`: an identifier with a fixed list of values.

use super::entries::{self, Entry};
use super::{Issue, Lint, Rule, example, words};
use crate::finding::Level;
use otel_contract_model::{Cardinality, Domain};

pub(super) const RULE: Rule = Rule {
    name: "closed_identifier",
    level: Level::Warn,
    summary: "an identifier with a closed set of values, declared with `values` or a `range`",
    why: "New identifiers appear while the service runs, so the list is soon out of date. Every new identifier is then an error or `_OTHER`.",
    fix: "Set `cardinality: unbounded`. If the set is final, choose a name that describes it, such as a type, a kind or a tier.",
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
        let issue = Issue {
            message: format!(
                "`{}` is an identifier, but its values are listed",
                attribute.key
            ),
            label: "identifier with listed values".to_owned(),
            help: "set `cardinality: unbounded`, or choose a name that describes the list, such as a type or a tier"
                .to_owned(),
            ..Issue::default()
        };
        lint.push(&Entry::from(attribute), issue);
    }
}
