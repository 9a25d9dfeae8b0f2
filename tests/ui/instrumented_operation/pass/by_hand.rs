//! The typed structs without the attribute macro: `start`, `run`, setters, parents.

use otel_contract_tests::{block_on, assert_cancelled, assert_failed, record, assert_succeeded};
use test_vocabulary::forms;

#[derive(Debug, PartialEq, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

pub(crate) fn main() {
    let ((), spans) = record(|| {
        let active = forms::StrictRun { work_name: "n".into() }.start();
        active.in_context(|| forms::PlainRun {}.start().succeed());
        active.work_count(4);
        active.succeed();
    });
    assert_eq!(spans[0].parent_span_id, spans[1].span_context.span_id());
    assert_succeeded(&spans[1..], "strict.run", &[("work.name", "n"), ("work.count", "4")]);

    let ((), spans) = record(|| forms::FormRun {}.work_count(1).work_name("x").start().fail(forms::ErrorType::Late));
    assert_failed(&spans, "form.run", "late", &[("work.count", "1"), ("work.name", "x")]);

    // The error class is checked against the operation's list here too.
    let ((), spans) = record(|| forms::StrictRun { work_name: "n".into() }.start().fail(forms::ErrorType::Late));
    assert_failed(&spans, "strict.run", "_OTHER", &[("work.name", "n")]);

    let (result, spans) = record(|| {
        let body = async { if true { Err(Broken) } else { Ok(1) } };
        block_on(forms::StrictRun { work_name: "r".into() }.run(body))
    });
    assert_eq!(result, Err(Broken));
    assert_failed(&spans, "strict.run", "broken", &[("work.name", "r")]);

    let ((), spans) = record(|| drop(forms::PlainRun {}.start()));
    assert_cancelled(&spans, "plain.run", &[]);

    let ((), spans) = record(|| {
        let outer = forms::PlainRun {}.start();
        let inner = forms::PlainRun {}.parent(outer.context()).link(outer.context()).start();
        inner.succeed();
        outer.succeed();
    });
    assert_eq!(spans[0].parent_span_id, spans[1].span_context.span_id());
    assert_eq!(spans[0].links.len(), 1);
}
