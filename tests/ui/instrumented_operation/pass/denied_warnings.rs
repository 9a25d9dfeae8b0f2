//! Expansions cause no warnings, for any denied lint at the use site.

#![deny(
    warnings,
    missing_docs,
    unused_qualifications,
    clippy::all,
    clippy::pedantic
)]
#![deny(rust_2018_idioms, unused_lifetimes, let_underscore_drop)]

use otel_contract_tests::{block_on, record};
use test_vocabulary::forms::{
    self, AttributeValue, Attributes, ErrorClass, instrumented_operation,
};

#[derive(Debug, ErrorClass)]
#[error_class(forms)]
enum Failure {
    #[error_class(broken)]
    Broken,
    #[error_class(other)]
    Unknown,
}

#[derive(Clone, Copy, Debug, AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    Large,
}

#[derive(Debug, Attributes)]
#[attributes(forms::Work)]
struct Work<'a> {
    #[attribute(work.name)]
    name: &'a str,
    #[attribute(work.count)]
    count: u32,
}

#[instrumented_operation(forms::FormRun as op, work.name = name, ok(|size| work.count = size))]
fn fallible(name: &str, size: Size) -> Result<usize, Failure> {
    op.work_kind(size);
    match name {
        "" => Err(Failure::Broken),
        "?" => Err(Failure::Unknown),
        _ => Ok(name.len()),
    }
}

#[instrumented_operation(forms::GroupedRun, ..work = &work)]
async fn grouped(work: Work<'_>) -> usize {
    std::future::ready(()).await;
    work.name.len()
}

#[instrumented_operation(forms::PlainRun)]
fn nothing() {}

#[instrumented_operation(forms::PlainRun, err(|_| forms::ErrorType::Late))]
fn classified() -> Result<(), String> {
    Err(String::new())
}

const MOST: i64 = 2;
const LAST: forms::WorkStep = forms::constant!(WorkStep, MOST);

/// Runs every form.
pub(crate) fn main() {
    assert_eq!(LAST, forms::constant!(WorkStep, 2));
    assert_eq!(forms::constant!(WorkKind, "small"), forms::WorkKind::Small);
    let ((), spans) = record(|| {
        nothing();
        assert!(fallible("a", Size::Small).is_ok());
        assert!(fallible("", Size::Large).is_err());
        assert!(fallible("?", Size::Large).is_err());
        assert_eq!(
            block_on(grouped(Work {
                name: "x",
                count: 1
            })),
            1
        );
        assert!(classified().is_err());
    });
    assert_eq!(spans.len(), 6);
}
