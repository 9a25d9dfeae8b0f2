//! Structs, enums, generics, transparent and `other` errors: the class of each error, and the list of all classes.

use forms::{ErrorClass as _, ErrorType};
use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Unit;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, "late")]
struct Named {
    _after: u32,
}

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, transparent)]
struct Wrapped<T>(T);

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Everything<T: std::fmt::Debug, const N: usize>
where
    T: Clone,
{
    #[error_class(denied)]
    Denied,
    #[error_class(other)]
    Other(#[allow(dead_code)] u8, #[allow(dead_code)] [u8; N]),
    #[error_class(transparent)]
    Unit(Unit),
    #[error_class(transparent)]
    Boxed { source: Box<Named> },
    #[error_class(transparent)]
    Generic(Wrapped<T>),
}

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Never {}

pub(crate) fn main() {
    assert_eq!(Unit.error_class(), ErrorType::Broken);
    assert_eq!(Named { _after: 1 }.error_class(), ErrorType::Late);
    assert_eq!(Wrapped(Unit).error_class(), ErrorType::Broken);
    type All = Everything<Unit2, 0>;
    assert_eq!(All::Denied.error_class(), ErrorType::Denied);
    assert_eq!(All::Other(1, []).error_class(), ErrorType::Other);
    assert_eq!(All::Unit(Unit).error_class(), ErrorType::Broken);
    assert_eq!(All::Boxed { source: Box::new(Named { _after: 1 }) }.error_class(), ErrorType::Late);
    assert_eq!(All::Generic(Wrapped(Unit2)).error_class(), ErrorType::Denied);
    let classes = [ErrorType::Denied, ErrorType::Other, ErrorType::Broken, ErrorType::Late, ErrorType::Denied];
    assert_eq!(All::CLASSES.all(), classes);
    assert!(Never::CLASSES.all().is_empty());
}

#[derive(Clone, Debug, forms::ErrorClass)]
#[error_class(forms, denied)]
struct Unit2;
