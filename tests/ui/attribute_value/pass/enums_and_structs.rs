//! Domain enums are checked against closed sets; structs are recorded by the value of their field.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::billing::{self, AttributeValue as _};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Clone, Copy, forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    #[attribute_value("large")]
    Huge { _by: u8 },
}

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkCode)]
enum Code {
    #[attribute_value(200)]
    Fine,
    #[attribute_value(404)]
    Missing,
}

#[derive(billing::AttributeValue)]
#[attribute_value(billing::AccountTier)]
enum Tier {
    Free,
    Pro,
    Enterprise,
    #[attribute_value(other)]
    Trial,
    #[attribute_value(other)]
    Other,
}

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkName)]
struct Name<'a>(&'a str);

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkCount)]
struct Count<T: forms::__private::PlainValue<forms::__private::kind::Int>> {
    value: T,
}

#[derive(forms::AttributeValue)]
#[attribute_value(forms::PersonEmail)]
struct Email(String);

#[instrumented_operation(
    forms::FullRun,
    work.kind = size,
    work.code = Some(&code),
    work.name = &name,
    work.count = count,
    person.email = email,
)]
fn form(size: Size, code: Code, name: Name<'_>, count: Count<u16>, email: Email) {}

pub(crate) fn main() {
    let (_, spans) = record(|| {
        form(Size::Huge { _by: 2 }, Code::Missing, Name("n"), Count { value: 3 }, Email("a@b".to_owned()));
    });
    let expected = [
        ("work.kind", "large"),
        ("work.code", "404"),
        ("work.name", "n"),
        ("work.count", "3"),
        ("person.email", "[redacted]"),
    ];
    assert_succeeded(&spans, "full.run", &expected);
    let tiers = [Tier::Free, Tier::Pro, Tier::Enterprise, Tier::Trial, Tier::Other];
    let names = tiers.map(|tier| tier.to_attribute().as_str());
    assert_eq!(names, ["free", "pro", "enterprise", "_OTHER", "_OTHER"]);
    let _ = (Size::Small, Code::Fine);
}
