//! Accepted values of each class: plain values, references, options, generated types.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

use std::borrow::Cow;
use std::sync::Arc;

#[instrumented_operation(
    forms::FullRun,
    work.kind = kind,
    work.code = forms::WorkCode::try_from(200).unwrap(),
    work.step = &forms::WorkStep::saturating(9),
    work.urgent = &&true,
    work.name = name,
    work.count = count,
    work.share = 1.5f32,
    work.tags = tags,
    work.sizes = [1u8, 2],
    work.shares = vec![0.5],
    work.flags = &[true][..],
    work.queue = forms::WorkQueue::capped(Arc::<str>::from("q")),
    work.token = forms::WorkToken::new("t"),
    person.email = Some("ada@example.org"),
    region = None::<forms::Region>,
)]
fn form(kind: Option<forms::WorkKind>, name: Cow<'_, str>, count: usize, tags: &[&str]) {
    let _ = (kind, name, count, tags);
}

pub(crate) fn main() {
    let ((), spans) = record(|| form(Some(forms::WorkKind::Large), "n".into(), 3, &["a", "b"]));
    assert_succeeded(
        &spans,
        "full.run",
        &[
            ("work.kind", "large"),
            ("work.code", "200"),
            ("work.step", "2"),
            ("work.urgent", "true"),
            ("work.name", "n"),
            ("work.count", "3"),
            ("work.share", "1.5"),
            ("work.tags", "[\"a\",\"b\"]"),
            ("work.sizes", "[1,2]"),
            ("work.shares", "[0.5]"),
            ("work.flags", "[true]"),
            ("work.queue", "q"),
            ("work.token", "t"),
            ("person.email", "[redacted]"),
        ],
    );
}
