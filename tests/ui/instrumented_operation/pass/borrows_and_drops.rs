//! Arguments are dropped inside the operation; arguments moved into the body are not used afterwards.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

struct Guard<'a>(&'a std::cell::Cell<bool>);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        inner();
        self.0.set(true);
    }
}

#[instrumented_operation(forms::PlainRun)]
fn inner() {}

#[instrumented_operation(forms::FormRun, work.name = &name)]
fn form(name: String, guard: Guard<'_>) -> String {
    drop(guard);
    name
}

pub(crate) fn main() {
    let dropped = std::cell::Cell::new(false);
    let (result, spans) = record(|| form("n".to_owned(), Guard(&dropped)));
    assert_eq!((result.as_str(), dropped.get()), ("n", true));
    assert_eq!(spans[0].parent_span_id, spans[1].span_context.span_id());
    assert_succeeded(&spans[1..], "form.run", &[("work.name", "n")]);
}
