//! After a mistake in an error type or in a value, the type still exists: uses of the type cause no further errors.

use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, brokn)]
struct Broken;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Outer {
    #[error_class(transparent)]
    Inner(Broken),
}

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    Enormous,
}

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Work {
    #[attribute(work.name)]
    name: String,
}

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|()| work.count = 1))]
fn inner() -> Result<(), Broken> {
    Err(Broken)
}

#[instrumented_operation(forms::FormRun, work.kind = size)]
fn outer(size: Size) -> Result<(), Outer> {
    inner().map_err(Outer::Inner)
}

#[instrumented_operation(forms::GroupedRun, ..work)]
fn grouped(work: Work) {}

fn main() {}
