//! The closed set of `error.type`, and traits that decide which operation may fail with which class.

use crate::event;
use crate::location::ident;
use crate::messages;
use crate::tokens::deprecated;
use otel_contract_model::{Contract, ErrorClass, Severity};
use proc_macro2::TokenStream;

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let variants = contract.errors.iter().map(|error| {
        let doc = format!("`{}`: {}", error.name, super::docs::phrase(&error.brief));
        let deprecated = deprecated(error.deprecated.as_ref());
        let variant = ident(&error.rust.camel);
        quote_located! { #[doc = #doc] #deprecated #variant, }
    });
    let pairs = contract.errors.iter().map(|error| {
        let (variant, name) = (ident(&error.rust.camel), &error.name);
        quote_located! { #variant = #name, }
    });
    let classes = contract
        .errors
        .iter()
        .map(|error| may_fail(contract, error));
    let allowed = contract.operations.iter().map(|operation| {
        let name = ident(&operation.rust.camel);
        match &operation.errors {
            None => quote_located! { impl AllowsAnyClass for super::#name {} },
            Some(errors) => {
                let classes = errors
                    .iter()
                    .map(|error| ident(&contract[*error].rust.snake));
                quote_located! { #(impl #classes for super::#name {})* }
            }
        }
    });
    let traits = traits(contract);
    let inner = inner(contract);
    let reported = reported(contract);
    quote_located! {
        /// The classes of failure: values of `error.type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorType {
            #(#variants)*
            /// A failure without a class in the contract, recorded as `_OTHER`.
            Other,
        }
        __private::closed_strings!(ErrorType "error.type" [#(#pairs)*] Other);

        impl ::core::convert::From<ErrorType> for __private::Failure {
            fn from(class: ErrorType) -> Self {
                let failure = Self::new(class.as_str());
                #reported
            }
        }

        #traits

        /// Traits that decide with which error types an operation may fail.
        #[doc(hidden)]
        pub mod __errors {
            use super::__private;
            /// Operations without a list of classes. They may fail with any class.
            pub trait AllowsAnyClass {}
            #(#classes)*
            #(#allowed)*
            pub use super::__FailsWith as FailsWith;
            /// Stands for `FailsWith<Op>` in bounds on inner errors of transparent errors. Does not have the supertrait
            /// `ErrorClass`, so that rustc reports an inner error that has no class only once.
            pub trait InnerFailsWith<Op> {}
            impl<Op, E: FailsWith<Op> + ?::core::marker::Sized> InnerFailsWith<Op> for E {}

            #inner
        }
    }
}

/// Generates the expression that adds severity and expectation to `failure`, by its `class`.
fn reported(contract: &Contract) -> TokenStream {
    let special = contract.errors.iter().filter_map(|error| {
        let changed = match (error.expected, error.severity) {
            (true, _) => quote_located! { failure.expected() },
            (false, Severity::Error) => return None,
            (false, severity) => {
                let severity = event::severity(severity);
                quote_located! { failure.with_severity(#severity) }
            }
        };
        let variant = ident(&error.rust.camel);
        Some(quote_located! { ErrorType::#variant => #changed, })
    });
    let special: Vec<TokenStream> = special.collect();
    if special.is_empty() {
        return quote_located! { failure };
    }
    quote_located! {
        match class {
            #(#special)*
            _ => failure,
        }
    }
}

/// The trait of inner errors of transparent errors.
fn inner(contract: &Contract) -> TokenStream {
    let unimplemented = messages::no_inner_class(contract);
    quote_located! {
        /// `ErrorClass` of the inner error of a transparent error, with a message of its own.
        #unimplemented
        pub trait Inner {
            const CLASSES: &'static __private::ErrorClasses<super::ErrorType>;
            fn error_class(&self) -> super::ErrorType;
            fn safe_description(
                &self,
            ) -> ::core::option::Option<::std::borrow::Cow<'static, str>>;
        }
        #[diagnostic::do_not_recommend]
        impl<E: super::ErrorClass + ?::core::marker::Sized> Inner for E {
            const CLASSES: &'static __private::ErrorClasses<super::ErrorType> =
                <E as super::ErrorClass>::CLASSES;
            fn error_class(&self) -> super::ErrorType {
                super::ErrorClass::error_class(self)
            }
            fn safe_description(
                &self,
            ) -> ::core::option::Option<::std::borrow::Cow<'static, str>> {
                super::ErrorClass::safe_description(self)
            }
        }
    }
}

/// Generates the trait of the values that the dimension `error.type` accepts.
pub(super) fn accepted(contract: &Contract) -> TokenStream {
    let unimplemented = messages::not_a_class(contract);
    quote_located! {
        #unimplemented
        pub trait ErrorType<Given>: __private::AttributeInput<super::ErrorType, Given> {}

        #[diagnostic::do_not_recommend]
        impl<T, Given> ErrorType<Given> for T
        where
            T: __private::AttributeInput<super::ErrorType, Given> + ?::core::marker::Sized,
        {
        }
    }
}

/// Generates the marker trait of one error class. Operations that may fail with the class implement the trait, and
/// bounds require the trait.
fn may_fail(contract: &Contract, class: &ErrorClass) -> TokenStream {
    let marker = ident(&class.rust.snake);
    let unimplemented = messages::unlisted_class(contract, class);
    quote_located! {
        #unimplemented
        pub trait #marker {}
        #[diagnostic::do_not_recommend]
        impl<Op: AllowsAnyClass> #marker for Op {}
    }
}

fn traits(contract: &Contract) -> TokenStream {
    let unimplemented = messages::no_class(contract);
    quote_located! {
        /// An error with a class of the contract. Implement it with `#[derive(ErrorClass)]`.
        #unimplemented
        pub trait ErrorClass {
            /// All classes that the error may have.
            const CLASSES: &'static __private::ErrorClasses<ErrorType>;

            /// The class of this error.
            fn error_class(&self) -> ErrorType;

            /// A description of this error that is safe to store in the status of the span.
            fn safe_description(&self) -> ::core::option::Option<::std::borrow::Cow<'static, str>> {
                ::core::option::Option::None
            }
        }

        /// An error whose classes are all listed by operation `Op`.
        #[doc(hidden)]
        #unimplemented
        pub trait __FailsWith<Op>: ErrorClass {}

        const _: () = {
            use ::core::convert::Infallible;

            #[diagnostic::do_not_recommend]
            impl ErrorClass for Infallible {
                const CLASSES: &'static __private::ErrorClasses<ErrorType> =
                    &__private::ErrorClasses { own: &[], wrapped: &[] };
                fn error_class(&self) -> ErrorType {
                    match *self {}
                }
            }
            #[diagnostic::do_not_recommend]
            impl<Op> __FailsWith<Op> for Infallible {}

            macro_rules! delegate {
                ($($pointer:ty),*) => {$(
                    #[diagnostic::do_not_recommend]
                    impl<E: ErrorClass + ?::core::marker::Sized> ErrorClass for $pointer {
                        const CLASSES: &'static __private::ErrorClasses<ErrorType> = E::CLASSES;
                        fn error_class(&self) -> ErrorType {
                            E::error_class(self)
                        }
                        fn safe_description(
                            &self,
                        ) -> ::core::option::Option<::std::borrow::Cow<'static, str>> {
                            E::safe_description(self)
                        }
                    }
                    #[diagnostic::do_not_recommend]
                    impl<Op, E: __FailsWith<Op> + ?::core::marker::Sized> __FailsWith<Op> for $pointer {}
                )*};
            }
            delegate!(::std::boxed::Box<E>, ::std::sync::Arc<E>, &E);
        };
    }
}
