//! Together with thiserror, whose `#[from]` and `#[source]` also mark the field of the inner error.

use forms::{ErrorClass as _, ErrorType};
use test_vocabulary::forms;

#[derive(Debug, thiserror::Error, forms::ErrorClass)]
#[error("inner")]
#[error_class(forms, broken)]
struct Inner;

#[derive(Debug, thiserror::Error, forms::ErrorClass)]
#[error_class(forms)]
enum Outer {
    #[error("failed at {place}")]
    #[error_class(transparent)]
    At { place: u8, #[source] cause: Inner },
    #[error(transparent)]
    #[error_class(transparent)]
    Inner(#[from] Inner),
}

pub(crate) fn main() {
    assert_eq!(Outer::At { place: 1, cause: Inner }.error_class(), ErrorType::Broken);
    assert_eq!(Outer::from(Inner).error_class(), ErrorType::Broken);
}
