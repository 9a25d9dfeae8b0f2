//! Conversion of Rust values to attributes.

use crate::capped::CappedText;
use crate::definition::{InputValue, Values};
use crate::plain::PlainValue;
use crate::plain::kind::Kind;
use opentelemetry::Value;
use std::marker::PhantomData;

/// The type `contract!` generates for an attribute.
pub trait Attribute: Sized {
    /// The OpenTelemetry key.
    const KEY: &'static str;

    /// The allowed values.
    #[doc(hidden)]
    const VALUES: Values;

    /// Whether the attribute is text that is recorded unchanged, without protection.
    #[doc(hidden)]
    const IS_CLEAR_TEXT: bool = false;

    /// Returns the recorded value.
    fn into_value(self) -> Value;

    /// Returns the index of the value in its closed set; `None` without a closed set.
    #[doc(hidden)]
    #[inline]
    fn code(&self) -> Option<u64> {
        None
    }

    /// Returns the text of a bounded attribute; `None` for other attributes.
    #[doc(hidden)]
    #[inline]
    fn capped(&self) -> Option<&CappedText> {
        None
    }

    /// Converts the value for recording on a span or a metric.
    #[doc(hidden)]
    #[inline]
    fn record(self) -> InputValue<'static> {
        match self.code() {
            Some(code) => InputValue::Code(code),
            None => InputValue::Value(self.into_value()),
        }
    }
}

/// Conversion of a type of your own to attribute `A`.
///
/// Use the derive macro: it checks a domain enum against the values in the contract, and converts the field of a struct
/// with one field. For a bounded attribute, a text field needs the option `capped`:
/// `#[attribute_value(billing::QueueName, capped)]`.
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
    /// Converts the value to the type in the contract.
    fn to_attribute(&self) -> A;

    /// Converts the value for recording on a span or a metric.
    #[doc(hidden)]
    #[inline]
    fn recorded(&self) -> InputValue<'_> {
        self.to_attribute().record()
    }
}

impl<A: Attribute + Clone> AttributeValue<A> for A {
    fn to_attribute(&self) -> A {
        self.clone()
    }

    #[inline]
    fn recorded(&self) -> InputValue<'_> {
        match self.capped() {
            Some(text) => InputValue::CappedRef(text),
            None => self.clone().record(),
        }
    }
}

/// Function that receives the attributes of a group: the index of each attribute, and a function that returns its value.
pub type AttributeSink<'a> = dyn FnMut(usize, &dyn Fn() -> Option<InputValue<'static>>) + 'a;

/// Passes to the sink an attribute that a generated struct stores.
pub fn record_field<A: Attribute + Clone>(sink: &mut AttributeSink<'_>, index: usize, value: &A) {
    sink(index, &|| Some(A::record(value.clone())));
}

/// A type of your own with the attributes of group or operation `G`. Implemented by `#[derive(Attributes)]`.
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
    message = "`{Self}` does not provide the attributes of `{G}`",
    label = "expected `{G}`, or a type that derives `Attributes` for `{G}`",
    note = "put `#[derive(Attributes)]` and `#[attributes(…)]` with the path of `{G}` on the struct"
)]
pub trait AttributeGroup<G: ?Sized> {
    /// Passes each attribute to `sink`: its index in `G`, and a function that returns its value. The sink calls the
    /// function only if the value will be recorded.
    fn record(&self, sink: &mut AttributeSink<'_>);
}

#[diagnostic::do_not_recommend]
impl<G, T: AttributeGroup<G> + ?Sized> AttributeGroup<G> for &T {
    fn record(&self, sink: &mut AttributeSink<'_>) {
        T::record(self, sink);
    }
}

/// Form of an input: a type that implements [`AttributeValue`].
#[derive(Debug)]
pub struct Typed;

/// Form of an input: a plain Rust value.
#[derive(Debug)]
pub struct Plain;

/// Form of an input: a reference to an input of form `F`.
#[derive(Debug)]
pub struct Ref<F>(PhantomData<F>);

/// Form of an input: an `Option` of an input of form `F`.
#[derive(Debug)]
pub struct Optional<F>(PhantomData<F>);

/// An attribute that can be created from plain Rust values of a kind.
pub trait FromPlain: Attribute {
    /// The kind of the values.
    type Kind: Kind;

    /// Creates the attribute from a stored value of the kind.
    fn from_stored(stored: <Self::Kind as Kind>::Stored) -> Self;
}

/// A bounded attribute, which can be created from any text. Used as a bound with its own error message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a bounded attribute, so `capped` does not apply",
    label = "remove `capped`",
    note = "`capped` is for attributes with `cardinality: bounded`; for other attributes, the field needs no option"
)]
pub trait Bounded: Capped {}

// A blanket implementation, so that rustc does not list every bounded attribute as an implementor in its errors.
#[diagnostic::do_not_recommend]
impl<A: Capped> Bounded for A {}

/// Implemented by the types of bounded attributes.
pub trait Capped: Attribute {
    /// Creates the attribute from a text.
    fn from_text(text: &str) -> Self;
}

/// Creates a bounded attribute from a text.
pub fn capped_value<A: Bounded>(text: &(impl AsRef<str> + ?Sized)) -> A {
    A::from_text(text.as_ref())
}

/// A field that `capped` of `#[derive(Attributes)]` converts: a text, or an optional text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text",
    label = "`capped` converts a `String`, a `&str` or an `Option` of these"
)]
pub trait CappedInput<A> {
    /// The attribute, or an `Option` of it.
    type Converted;
    /// Creates the bounded attribute.
    fn convert(&self) -> Self::Converted;
}

macro_rules! capped_inputs {
    ($($text:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<A: Bounded> CappedInput<A> for $text {
            type Converted = A;
            fn convert(&self) -> A {
                A::from_text(self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<A: Bounded> CappedInput<A> for Option<$text> {
            type Converted = Option<A>;
            fn convert(&self) -> Option<A> {
                self.as_deref().map(A::from_text)
            }
        }
    )*};
}
capped_inputs!(String &str Box<str> std::sync::Arc<str> std::borrow::Cow<'_, str>);

/// A field that `saturating` of `#[derive(Attributes)]` converts: an integer, or an optional integer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an integer",
    label = "`saturating` converts an integer or an `Option` of one"
)]
pub trait SaturatingInput {
    /// The attribute, or an `Option` of it.
    type Converted<A>;
    /// Clamps the integer to the range of `i64`, and converts it.
    fn convert<A>(&self, saturating: fn(i64) -> A) -> Self::Converted<A>;
}

macro_rules! saturating_inputs {
    ($($integer:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl SaturatingInput for $integer {
            type Converted<A> = A;
            fn convert<A>(&self, saturating: fn(i64) -> A) -> A {
                #[allow(unused_comparisons, reason = "unsigned integers have no negative values")]
                let nearest = if *self < 0 { i64::MIN } else { i64::MAX };
                saturating(i64::try_from(*self).unwrap_or(nearest))
            }
        }

        #[diagnostic::do_not_recommend]
        impl SaturatingInput for Option<$integer> {
            type Converted<A> = Option<A>;
            fn convert<A>(&self, saturating: fn(i64) -> A) -> Option<A> {
                self.as_ref().map(|integer| integer.convert(saturating))
            }
        }
    )*};
}
saturating_inputs!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// A Rust value that is accepted as attribute `A`, in the form `F`.
///
/// The form is a type parameter so that the blanket implementations do not overlap; rustc infers it. A contract has a
/// subtrait for each attribute, whose error message describes the accepted values.
pub trait AttributeInput<A: Attribute, F> {
    /// Returns the attribute; `None` if the input is `None`.
    fn attribute(&self) -> Option<A>;

    /// Converts the attribute for recording on a span or a metric; `None` if the input is `None`.
    #[inline]
    fn record(&self) -> Option<InputValue<'_>> {
        self.attribute().map(A::record)
    }
}

#[diagnostic::do_not_recommend]
impl<A: Attribute, T: AttributeValue<A> + ?Sized> AttributeInput<A, Typed> for T {
    fn attribute(&self) -> Option<A> {
        Some(self.to_attribute())
    }

    #[inline]
    fn record(&self) -> Option<InputValue<'_>> {
        Some(self.recorded())
    }
}

#[diagnostic::do_not_recommend]
impl<A: FromPlain, T: PlainValue<A::Kind> + ?Sized> AttributeInput<A, Plain> for T {
    fn attribute(&self) -> Option<A> {
        Some(A::from_stored(self.to_stored()))
    }

    #[inline]
    fn record(&self) -> Option<InputValue<'_>> {
        // Personal text must be protected first, so it cannot be borrowed from the input.
        if A::IS_CLEAR_TEXT
            && let Some(text) = self.as_text()
        {
            return Some(InputValue::Text(text));
        }
        AttributeInput::<A, Plain>::attribute(self).map(A::record)
    }
}

#[diagnostic::do_not_recommend]
impl<A: Attribute, F, T: AttributeInput<A, F> + ?Sized> AttributeInput<A, Ref<F>> for &T {
    fn attribute(&self) -> Option<A> {
        T::attribute(self)
    }

    #[inline]
    fn record(&self) -> Option<InputValue<'_>> {
        T::record(self)
    }
}

#[diagnostic::do_not_recommend]
impl<A: Attribute, F, T: AttributeInput<A, F>> AttributeInput<A, Optional<F>> for Option<T> {
    fn attribute(&self) -> Option<A> {
        self.as_ref()?.attribute()
    }

    #[inline]
    fn record(&self) -> Option<InputValue<'_>> {
        self.as_ref()?.record()
    }
}

/// Form of an input that is never `None`.
#[diagnostic::on_unimplemented(
    message = "this attribute is required, but an `Option` may be `None`",
    label = "may be `None`",
    note = "pass the inner value, or make the attribute `recommended` in the contract"
)]
pub trait AlwaysPresent {}

impl AlwaysPresent for Typed {}
impl AlwaysPresent for Plain {}
#[diagnostic::do_not_recommend]
impl<F: AlwaysPresent> AlwaysPresent for Ref<F> {}

/// Returns the attribute of an input whose form is [`AlwaysPresent`].
///
/// # Panics
///
/// Never, because only the form [`Optional`] returns `None`.
pub fn expect_present<A>(attribute: Option<A>) -> A {
    attribute.expect("only an `Option` as an input returns `None`")
}
