//! How values become attributes.

use crate::capped::CappedText;
use crate::definition::{Recorded, Values};
use crate::source::Source;
use crate::source::kind::Kind;
use opentelemetry::Value;
use std::marker::PhantomData;

/// The type `contract!` generates for an attribute.
pub trait Attribute: Sized {
    /// The OpenTelemetry key.
    const KEY: &'static str;

    /// The values it takes.
    #[doc(hidden)]
    const VALUES: Values;

    /// Whether it is text that is recorded as it is given.
    #[doc(hidden)]
    const IS_CLEAR_TEXT: bool = false;

    /// The value as it is recorded.
    fn into_value(self) -> Value;

    /// The place among its values, where those are a closed set.
    #[doc(hidden)]
    #[inline]
    fn code(&self) -> Option<u64> {
        None
    }

    /// The text, where it is that of a bounded attribute.
    #[doc(hidden)]
    #[inline]
    fn capped(&self) -> Option<&CappedText> {
        None
    }

    /// The value on its way to a span or a metric.
    #[doc(hidden)]
    #[inline]
    fn record(self) -> Recorded<'static> {
        match self.code() {
            Some(code) => Recorded::Code(code),
            None => Recorded::Value(self.into_value()),
        }
    }
}

/// A type of your own that is a value of attribute `A`.
///
/// Derive it: a domain enum is checked against the contract's values, a struct with one field goes
/// through that field. A field of text becomes the value of a bounded attribute only where the derive names the
/// cap: `#[attribute_value(billing::QueueName, capped)]`.
///
/// ```
/// otel_contract::contract!("doc/billing.yaml");
///
/// use billing::AttributeValue;
///
/// #[derive(AttributeValue)]
/// #[attribute_value(billing::AccountTier)]
/// enum Tier { Free, Pro, Enterprise }
///
/// # fn main() {
/// assert_eq!(Tier::Pro.to_attribute(), billing::AccountTier::Pro);
/// # let _ = (Tier::Free, Tier::Enterprise);
/// # }
/// ```
pub trait AttributeValue<A: Attribute> {
    /// This value, in the contract's type.
    fn to_attribute(&self) -> A;

    /// This value on its way to a span or a metric.
    #[doc(hidden)]
    #[inline]
    fn recorded(&self) -> Recorded<'_> {
        self.to_attribute().record()
    }
}

impl<A: Attribute + Clone> AttributeValue<A> for A {
    fn to_attribute(&self) -> A {
        self.clone()
    }

    #[inline]
    fn recorded(&self) -> Recorded<'_> {
        match self.capped() {
            Some(text) => Recorded::CappedRef(text),
            None => self.clone().record(),
        }
    }
}

/// Takes the attributes of a group: the index of each, and how to get its value.
pub type AttributeSink<'a> = dyn FnMut(usize, &dyn Fn() -> Option<Recorded<'static>>) + 'a;

/// Hands over an attribute that is kept.
pub fn own<A: Attribute + Clone>(set: &mut AttributeSink<'_>, index: usize, value: &A) {
    set(index, &|| Some(A::record(value.clone())));
}

/// A type of your own that fills group or operation `G` of a contract, derived with
/// `#[derive(Attributes)]`.
///
/// ```
/// otel_contract::contract!("doc/billing.yaml");
///
/// use billing::{Attributes, instrumented_operation};
///
/// #[derive(Attributes)]
/// #[attributes(billing::InvoiceCreate)]
/// struct Job {
///     #[attribute(order.id)] order: String,
///     #[attribute(account.tier)] tier: Option<billing::AccountTier>,
/// }
///
/// #[instrumented_operation(billing::InvoiceCreate, ..invoice.create = job, ok(|id| invoice.id = id))]
/// fn create(job: &Job) -> String {
///     format!("inv_{}", job.order)
/// }
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fill `{G}`",
    label = "expected `{G}`, or a type that derives `Attributes` for it",
    note = "put `#[derive(Attributes)]` and `#[attributes(…)]` with the path of `{G}` on the struct"
)]
pub trait AttributeGroup<G: ?Sized> {
    /// Hands over each attribute: the index it has in `G`, and how to get its value, which is asked
    /// for only where it will be recorded.
    fn record(&self, set: &mut AttributeSink<'_>);
}

#[diagnostic::do_not_recommend]
impl<G, T: AttributeGroup<G> + ?Sized> AttributeGroup<G> for &T {
    fn record(&self, set: &mut AttributeSink<'_>) {
        T::record(self, set);
    }
}

/// How a value was given: as a type that is a value of the attribute.
#[derive(Debug)]
pub struct Own;

/// How a value was given: as a plain Rust value.
#[derive(Debug)]
pub struct Plain;

/// How a value was given: behind a reference.
#[derive(Debug)]
pub struct Ref<G>(PhantomData<G>);

/// How a value was given: perhaps.
#[derive(Debug)]
pub struct Maybe<G>(PhantomData<G>);

/// An attribute that takes plain Rust values of a kind.
pub trait Holds: Attribute {
    /// Which kind.
    type Kind: Kind;

    /// The attribute with what a value of that kind is held as.
    fn hold(held: <Self::Kind as Kind>::Held) -> Self;
}

/// A bounded attribute: made of any text, of which its limit is recorded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no limit, so nothing caps it",
    label = "remove `capped`",
    note = "`capped` is for attributes with `cardinality: bounded`; others take the value of the field"
)]
pub trait Bounded: Capped {}

// Messages list what implements a trait, and this is all they find.
#[diagnostic::do_not_recommend]
impl<A: Capped> Bounded for A {}

/// What the types of bounded attributes implement.
pub trait Capped: Attribute {
    /// The attribute with this text.
    fn of_text(text: &str) -> Self;
}

/// The value of a bounded attribute that has this text.
pub fn capped_value<A: Bounded>(text: &(impl AsRef<str> + ?Sized)) -> A {
    A::of_text(text.as_ref())
}

/// Something that gives a value of attribute `A`, in the way `How`.
///
/// Contracts have a trait for each attribute above this one, whose messages say what the attribute takes.
pub trait Give<A: Attribute, How> {
    /// The value, if there is one.
    fn give(&self) -> Option<A>;

    /// The value on its way to a span or a metric.
    #[inline]
    fn record(&self) -> Option<Recorded<'_>> {
        self.give().map(A::record)
    }
}

#[diagnostic::do_not_recommend]
impl<A: Attribute, T: AttributeValue<A> + ?Sized> Give<A, Own> for T {
    fn give(&self) -> Option<A> {
        Some(self.to_attribute())
    }

    #[inline]
    fn record(&self) -> Option<Recorded<'_>> {
        Some(self.recorded())
    }
}

#[diagnostic::do_not_recommend]
impl<A: Holds, T: Source<A::Kind> + ?Sized> Give<A, Plain> for T {
    fn give(&self) -> Option<A> {
        Some(A::hold(self.hold()))
    }

    #[inline]
    fn record(&self) -> Option<Recorded<'_>> {
        // Not of personal text: what is looked at later is looked at in the clear.
        if A::IS_CLEAR_TEXT
            && let Some(text) = self.text()
        {
            return Some(Recorded::Text(text));
        }
        Give::<A, Plain>::give(self).map(A::record)
    }
}

#[diagnostic::do_not_recommend]
impl<A: Attribute, How, T: Give<A, How> + ?Sized> Give<A, Ref<How>> for &T {
    fn give(&self) -> Option<A> {
        T::give(self)
    }

    #[inline]
    fn record(&self) -> Option<Recorded<'_>> {
        T::record(self)
    }
}

#[diagnostic::do_not_recommend]
impl<A: Attribute, How, T: Give<A, How>> Give<A, Maybe<How>> for Option<T> {
    fn give(&self) -> Option<A> {
        self.as_ref()?.give()
    }

    #[inline]
    fn record(&self) -> Option<Recorded<'_>> {
        self.as_ref()?.record()
    }
}

/// A way of giving a value that always gives one.
#[diagnostic::on_unimplemented(
    message = "this attribute is required, an `Option` could leave it out",
    label = "may be `None`",
    note = "unwrap it before, or make the attribute `recommended` in the contract"
)]
pub trait Certain {}

impl Certain for Own {}
impl Certain for Plain {}
#[diagnostic::do_not_recommend]
impl<G: Certain> Certain for Ref<G> {}

/// The value of something given a [`Certain`] way.
///
/// # Panics
///
/// Never: only an uncertain way gives nothing.
pub fn certainly<A>(given: Option<A>) -> A {
    given.expect("what is given for certain is there")
}
