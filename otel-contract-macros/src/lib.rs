//! The attribute macro and the derives of otel-contract. Use them through `otel_contract` or through a module that
//! `contract!` generated; both re-export them.
//!
//! ```text
//! first stage    #[instrumented_operation(…)] → operation/first_stage → a call of the contract's dispatch macro
//!                #[derive(…)]                 → derive/               → a call of the contract's dispatch macro
//! second stage   dispatch macro → __expand, with the definition → operation/ or derive/
//! ```
//!
//! These macros do not read YAML. `contract!` encodes every definition as a string literal in the dispatch macro, so a
//! service that depends on the vocabulary crate needs no path to a file. All messages are in `messages/`.

mod classes;
mod constant;
mod decode;
mod derive;
mod dispatch;
mod editor;
#[cfg(test)]
mod expansions;
mod messages;
#[cfg(test)]
mod never_panics;
mod operation;
#[cfg(test)]
mod random_tokens;
mod spans;
mod warning;

use decode::decode;
use messages::contract::{self as contract_messages, Kind};
use otel_contract_definition::editor::is_editor;
use otel_contract_definition::{Definition, Index};
use proc_macro::TokenStream;
use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Ident, TokenTree};
use quote::ToTokens as _;

/// Instruments a business function as an operation of a contract.
///
/// ```text
/// #[instrumented_operation(
///     billing::InvoiceCreate as op,                // the operation; `op` sets attributes in the body
///     order.id,                                    // an attribute, here from the variable `order_id`
///     retry.attempt = attempt,                     // from an expression, evaluated when the operation starts
///     account.tier = "pro",                        // a literal is checked against the contract
///     "http.request.header.x-request-id" = id,     // a key with other characters is a string literal
///     ..account = &self.account,                   // a whole group, from a struct that derives `Attributes`
///     ok(|invoice| invoice.id = &invoice.id),      // attributes that are set on success
///     err(|error| classify(error)),                // the class of an error type without `ErrorClass`
///     parent = &job.context,                       // continues another trace
///     link = &other_span,                          // links another span; may be repeated
///     stream,                                      // the operation ends with the returned stream
///     ends_at_return,                              // the operation ends when the function returns, even with a future
/// )]
/// ```
///
/// Name the operation by its contract (`billing::InvoiceCreate`), or import it and use its name (`use ops::Create;`,
/// then `Create`). The path `ops::Create` does not work if `ops` re-exports single operations; `super::Create` and
/// `crate::Create` do.
///
/// Values of attributes can use the arguments of the function. They are evaluated in the order in which they are written,
/// when the operation starts (for an `async` function, at the first poll), and only if they are recorded. Attributes that
/// the sampler reads are evaluated first. If a function creates a future after other statements, values are evaluated
/// when the function is called.
///
/// The type of the returned value decides when the operation ends. A returned future runs as the operation, from its
/// first poll. Any other returned value ends the operation. An `Err` fails the operation with the class of the error
/// type, also inside another `Result`, an `Option` or a `Poll`. A panic and a dropped future are separate outcomes.
/// With `stream`, the operation ends when the returned stream ends, and `ok(…)` gets the number of items.
///
/// An attribute with the level `required` or `on_success` accepts no `Option`. The operation must list every class that
/// is written in `err(…)`. A class that is known only at run time and is not listed is recorded as `_OTHER`.
#[proc_macro_attribute]
pub fn instrumented_operation(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = proc_macro2::TokenStream::from(arguments);
    let expanded = operation::first_stage::expand(arguments.clone(), item.into());
    if is_editor() {
        return editor::add_paths(expanded, &arguments).into();
    }
    expanded.into()
}

/// Maps an error type to the classes of a contract's `error.type`.
///
/// ```text
/// #[derive(Debug, thiserror::Error, ErrorClass)]
/// #[error_class(billing)]
/// enum BillingError {
///     #[error("…")] #[error_class(order_not_found)] NotFound,
///     #[error("…")] #[error_class(gateway_timeout, describe)] Timeout,   // `describe`: stores the message on the span
///     #[error("…")] #[error_class(other)] Unexpected,                   // recorded as `_OTHER`
///     #[error(transparent)] #[error_class(transparent)] Gateway(#[from] GatewayError),  // the class of `GatewayError`
/// }
///
/// #[derive(Debug, thiserror::Error, ErrorClass)]
/// #[error("…")]
/// #[error_class(billing, gateway_timeout)]                              // a struct has one class
/// struct GatewayError;
/// ```
#[proc_macro_derive(ErrorClass, attributes(error_class))]
pub fn error_class(item: TokenStream) -> TokenStream {
    derive::error_class::first_stage(item.into()).into()
}

/// Lets an attribute accept values of your own type.
///
/// An enum is checked against the contract: every variant maps to a value, and every value has a variant. For a struct
/// with one field, the field is recorded; its type must be a value of the attribute. With `capped`, the text of the
/// field becomes a value of a bounded attribute.
///
/// ```text
/// #[derive(AttributeValue)]
/// #[attribute_value(billing::AccountTier)]
/// enum Tier { Free, Pro, #[attribute_value("enterprise")] Corporate, #[attribute_value(other)] Trial }
///
/// #[derive(AttributeValue)]
/// #[attribute_value(billing::QueueName, capped)]                        // any text, as with `QueueName::capped`
/// struct Queue(String);
/// ```
#[proc_macro_derive(AttributeValue, attributes(attribute_value))]
pub fn attribute_value(item: TokenStream) -> TokenStream {
    derive::attribute_value::first_stage(item.into()).into()
}

/// Lets a struct of your own set the attributes of a group, or of a whole operation, from its fields.
///
/// A field has a value of its attribute. Two options convert others: `saturating` clamps an integer to the `range` of the
/// attribute, and `capped` takes any text for a bounded attribute.
///
/// ```text
/// #[derive(Attributes)]
/// #[attributes(billing::Account)]
/// struct AccountContext {
///     #[attribute(account.id)] id: AccountId,
///     #[attribute(account.tier)] tier: Tier,
///     #[attribute(retry.attempt, saturating)] attempts: u32,
///     currency: Currency,                          // not an attribute
/// }
/// ```
#[proc_macro_derive(Attributes, attributes(attributes, attribute))]
pub fn attributes(item: TokenStream) -> TokenStream {
    derive::attributes::first_stage(item.into()).into()
}

/// Second stage: called by the macros that `contract!` generates, with the `$crate` of `otel_contract`, the kind of
/// request, the definition, and the output of the first stage.
#[doc(hidden)]
#[proc_macro]
pub fn __expand(input: TokenStream) -> TokenStream {
    match Request::read(input.into()) {
        Ok(request) => request.answer().into(),
        Err(error) => error.to_compile_error().into(),
    }
}

/// A request of the second stage: `$crate kind "definition" …`.
enum Request {
    Operation {
        krate: TokenTree,
        definition: Definition,
        input: operation::Input,
    },
    Attributes {
        definition: Definition,
        input: derive::Input,
    },
    AttributeValue {
        definition: Definition,
        input: derive::Input,
    },
    Constant {
        krate: TokenTree,
        definition: Definition,
        input: constant::Input,
    },
    ErrorClass {
        index: Index,
        item: proc_macro2::TokenStream,
    },
    UnknownConstant {
        index: Index,
        written: proc_macro2::TokenStream,
    },
    UnknownOperation {
        index: Index,
        name: Ident,
        input: operation::Input,
    },
    UnknownKey {
        index: Index,
        key: operation::UnknownKey,
    },
    UnknownType {
        index: Index,
        kind: Kind,
        name: Ident,
    },
}

impl Request {
    fn read(input: proc_macro2::TokenStream) -> syn::Result<Self> {
        let mut tokens = input.into_iter();
        let (Some(krate), Some(TokenTree::Ident(kind)), Some(TokenTree::Literal(literal))) =
            (tokens.next(), tokens.next(), tokens.next())
        else {
            let span = proc_macro2::Span::call_site();
            return Err(contract_messages::other_macro_version(span));
        };
        let word = kind.to_string();
        if word == "index" {
            return Self::with_index(decode(literal)?, tokens);
        }
        let definition = decode(literal)?;
        match word.as_str() {
            "operation" => Ok(Self::Operation {
                krate,
                definition,
                input: operation_input(tokens, kind.span())?,
            }),
            "attributes" => Ok(Self::Attributes {
                definition,
                input: syn::parse2(tokens.collect())?,
            }),
            "attribute_value" => Ok(Self::AttributeValue {
                definition,
                input: syn::parse2(tokens.collect())?,
            }),
            "constant" => Ok(Self::Constant {
                krate,
                definition,
                input: syn::parse2(tokens.collect())?,
            }),
            _ => Err(contract_messages::other_macro_version(kind.span())),
        }
    }

    /// Reads a request that needs the index of the whole contract. These are requests for error classes, and for names
    /// that the dispatch macro does not know.
    fn with_index(index: Index, mut tokens: IntoIter) -> syn::Result<Self> {
        let Some(TokenTree::Ident(kind)) = tokens.next() else {
            let span = proc_macro2::Span::call_site();
            return Err(contract_messages::other_macro_version(span));
        };
        let word = kind.to_string();
        match (word.as_str(), tokens.next()) {
            ("constant", first) => Ok(Self::UnknownConstant {
                index,
                written: first.into_iter().chain(tokens).collect(),
            }),
            ("error_class", Some(TokenTree::Group(item))) => Ok(Self::ErrorClass {
                index,
                item: item.stream(),
            }),
            ("key", first) => Ok(Self::UnknownKey {
                index,
                key: syn::parse2(first.into_iter().chain(tokens).collect())?,
            }),
            ("operation", Some(TokenTree::Ident(name))) => Ok(Self::UnknownOperation {
                index,
                name,
                input: operation_input(tokens, kind.span())?,
            }),
            ("attributes", Some(TokenTree::Ident(name))) => Ok(Self::UnknownType {
                index,
                kind: Kind::Attributes,
                name,
            }),
            (_, Some(TokenTree::Ident(name))) => Ok(Self::UnknownType {
                index,
                kind: Kind::AttributeValue,
                name,
            }),
            _ => Err(contract_messages::other_macro_version(kind.span())),
        }
    }

    fn answer(self) -> proc_macro2::TokenStream {
        match self {
            Self::Operation {
                krate,
                definition,
                input,
            } => operation::expand(&krate, &definition, &input),
            Self::Attributes { definition, input } => {
                derive::attributes::expand(&definition, &input)
            }
            Self::AttributeValue { definition, input } => {
                derive::attribute_value::expand(&definition, &input)
            }
            Self::Constant {
                krate,
                definition,
                input,
            } => constant::expand(&krate, &definition, input),
            Self::UnknownConstant { index, written } => constant::unknown(&index, written),
            Self::ErrorClass { index, item } => derive::error_class::expand(&index, item),
            Self::UnknownOperation { index, name, input } => {
                operation::report_unknown_operation(&index, &name, &input)
            }
            Self::UnknownKey { index, key } => operation::report_unknown_key(&index, &key),
            Self::UnknownType { index, .. } if index.incomplete => proc_macro2::TokenStream::new(),
            Self::UnknownType { index, kind, name } => {
                contract_messages::unknown_name(&index, kind, name).into_token_stream()
            }
        }
    }
}

fn operation_input(tokens: IntoIter, span: proc_macro2::Span) -> syn::Result<operation::Input> {
    operation::Input::read(tokens).ok_or_else(|| contract_messages::other_macro_version(span))
}
