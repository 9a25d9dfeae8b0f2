//! The closed set behind `error.type`, and who may fail with what.

use super::{attribute::braces, deprecated};
use crate::here::ident;
use otel_contract_model::definitions::contract_name;
use otel_contract_model::{Contract, ErrorClass};
use proc_macro2::TokenStream;

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let variants = contract.errors.iter().map(|error| {
        let doc = format!("`{}`: {}", error.name, super::docs::phrase(&error.brief));
        let deprecated = deprecated(error.deprecated.as_ref());
        let variant = ident(&error.rust.camel);
        quote! { #[doc = #doc] #deprecated #variant, }
    });
    let pairs = contract.errors.iter().map(|error| {
        let (variant, name) = (ident(&error.rust.camel), &error.name);
        quote! { #variant = #name, }
    });
    let classes = contract
        .errors
        .iter()
        .map(|error| may_fail(contract, error));
    let allowed = contract.operations.iter().map(|operation| {
        let name = ident(&operation.rust.camel);
        match &operation.errors {
            None => quote! { impl Unlisted for super::#name {} },
            Some(errors) => {
                let classes = errors
                    .iter()
                    .map(|error| ident(&contract[*error].rust.snake));
                quote! { #(impl #classes for super::#name {})* }
            }
        }
    });
    let traits = traits(contract);
    quote! {
        /// Why an operation failed: the values of `error.type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorType {
            #(#variants)*
            /// A failure the contract has no class for, recorded as `_OTHER`.
            Other,
        }
        __private::closed_strings!(ErrorType "error.type" [#(#pairs)*] Other);

        impl ::core::convert::From<ErrorType> for __private::Failure {
            fn from(class: ErrorType) -> Self {
                Self::new(class.as_str())
            }
        }

        #traits

        /// Which error types an operation may fail with.
        #[doc(hidden)]
        pub mod __errors {
            /// An operation that lists no classes: any will do.
            pub trait Unlisted {}
            #(#classes)*
            #(#allowed)*
            pub use super::__FailsWith as FailsWith;
            /// `FailsWith`, for bounds of errors that pass it through: it implies nothing of types
            /// without a class, which the compiler would report once more.
            pub trait Through<Op> {}
            impl<Op, E: FailsWith<Op> + ?::core::marker::Sized> Through<Op> for E {}
        }
    }
}

/// How the class of a failure is given as a dimension.
pub(super) fn given(contract: &Contract) -> TokenStream {
    let name = &contract.name;
    let message = format!("`{{Self}}` is not an error class of contract `{name}`");
    let classes = contract.errors.iter().map(|error| error.name.as_str());
    let classes: Vec<&str> = classes.collect();
    let label = match classes.as_slice() {
        [] => format!("expected `{name}::ErrorType`"),
        classes => format!("expected `{name}::ErrorType`: {}", classes.join(", ")),
    };
    let label = braces(&label);
    let note = braces(&format!(
        "contract {}, {}",
        contract_name(contract),
        contract.at.file
    ));
    quote! {
        #[diagnostic::on_unimplemented(
            message = #message,
            label = #label,
            note = "of an error that derives `ErrorClass` give `error.error_class()`",
            note = #note,
        )]
        pub trait ErrorType<Given>: __private::Give<super::ErrorType, Given> {}

        #[diagnostic::do_not_recommend]
        impl<T, Given> ErrorType<Given> for T
        where
            T: __private::Give<super::ErrorType, Given> + ?::core::marker::Sized,
        {
        }
    }
}

/// The trait of operations that may fail with one class: it stands for the class in bounds, and has
/// the message for operations that do not list it.
fn may_fail(contract: &Contract, error: &ErrorClass) -> TokenStream {
    let class = ident(&error.rust.snake);
    let name = braces(&error.name);
    let message = format!("operation `{{Self}}` does not list the error class `{name}`");
    let label = format!("may fail with `{name}`");
    let fix = format!(
        "add `{name}` to the `errors` of the operation in the contract, or say the class here with `err(|error| …)`"
    );
    let note = braces(&format!(
        "contract {}, {}",
        contract_name(contract),
        error.at
    ));
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #fix, note = #note)]
        pub trait #class {}
        #[diagnostic::do_not_recommend]
        impl<Op: Unlisted> #class for Op {}
    }
}

fn traits(contract: &Contract) -> TokenStream {
    let name = &contract.name;
    let unclassed = format!("`{{Self}}` has no error class of contract `{name}`");
    let derive = format!(
        "derive `ErrorClass` for it with `#[error_class({name}, …)]`, or say the class here with `err(|error| …)`"
    );
    let note = braces(&format!(
        "contract {}, {}",
        contract_name(contract),
        contract.at.file
    ));
    quote! {
        /// An error whose class the contract knows; derive it with `#[derive(ErrorClass)]`.
        #[diagnostic::on_unimplemented(
            message = #unclassed,
            label = "which class of failure is this?",
            note = #derive,
            note = #note,
        )]
        pub trait ErrorClass {
            /// Every class it may have.
            const CLASSES: &'static __private::ErrorClasses<ErrorType>;

            /// The class of this error.
            fn error_class(&self) -> ErrorType;

            /// A text about this error that is safe to store, for the span's status.
            fn safe_description(&self) -> ::core::option::Option<::std::borrow::Cow<'static, str>> {
                ::core::option::Option::None
            }
        }

        /// An error all of whose classes operation `Op` may fail with.
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(
            message = #unclassed,
            label = "which class of failure is this?",
            note = #derive,
            note = #note,
        )]
        pub trait __FailsWith<Op>: ErrorClass {}

        const _: () = {
            use ::core::convert::Infallible;

            #[diagnostic::do_not_recommend]
            impl ErrorClass for Infallible {
                const CLASSES: &'static __private::ErrorClasses<ErrorType> =
                    &__private::ErrorClasses { own: &[], through: &[] };
                fn error_class(&self) -> ErrorType {
                    match *self {}
                }
            }
            #[diagnostic::do_not_recommend]
            impl<Op> __FailsWith<Op> for Infallible {}

            macro_rules! through {
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
            through!(::std::boxed::Box<E>, ::std::sync::Arc<E>, &E);
        };
    }
}
