//! Every message of the macros in this crate, one file per subject, so that all of them can be read in one sitting.
//!
//! A message says what is wrong; `help:` says how to fix it; `note:` names the contract, its version and the line that
//! decides. Only this module can create a [`Diagnostic`] or a [`syn::Error`] with a text.

pub(crate) mod arguments;
pub(crate) mod attributes;
pub(crate) mod constants;
pub(crate) mod contract;
pub(crate) mod derives;
pub(crate) mod fields;
pub(crate) mod functions;
pub(crate) mod literals;
pub(crate) mod tracing;

use otel_contract_definition::{AttributeDefinition, Definition};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

/// An error in the user's code, located at the tokens that are wrong.
pub(crate) struct Diagnostic {
    start: Span,
    end: Span,
    message: String,
    help: Vec<String>,
    note: Option<String>,
}

impl Diagnostic {
    fn at(tokens: impl ToTokens, message: impl Into<String>) -> Self {
        Self::at_tokens(tokens.into_token_stream(), message.into())
    }

    /// Not generic, so that it is compiled only once.
    fn at_tokens(tokens: TokenStream, message: String) -> Self {
        let mut spans = tokens.into_iter().map(|token| token.span());
        let start = spans.next().unwrap_or_else(Span::call_site);
        Self {
            start,
            end: spans.last().unwrap_or(start),
            message,
            help: Vec::new(),
            note: None,
        }
    }

    /// An error with a note about the line that declares the operation, group or attribute.
    fn of_definition(
        definition: &Definition,
        tokens: impl ToTokens,
        message: impl Into<String>,
    ) -> Self {
        Self::at(tokens, message).note(&definition.contract, &definition.at)
    }

    /// An error with a note about the line that declares one attribute of the definition.
    fn of_attribute(
        definition: &Definition,
        attribute: &AttributeDefinition,
        tokens: impl ToTokens,
        message: impl Into<String>,
    ) -> Self {
        Self::at(tokens, message).note(&definition.contract, &attribute.at)
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    fn note(mut self, contract: &str, location: &str) -> Self {
        self.note = Some(format!("contract {contract}, {location}"));
        self
    }

    /// The message with its help and note, as `compile_error!` prints it.
    pub(crate) fn text(&self) -> String {
        let mut text = self.message.clone();
        for help in &self.help {
            text.push_str("\n  = help: ");
            text.push_str(&help.replace('\n', "\n          "));
        }
        if let Some(note) = &self.note {
            text.push_str("\n  = note: ");
            text.push_str(note);
        }
        text
    }
}

impl ToTokens for Diagnostic {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let text = self.text();
        // rustc underlines from the first token to the last, so each end has its own span.
        let path = quote_spanned! {self.start=> ::core::compile_error! };
        let argument = quote_spanned! {self.end=> { #text } };
        tokens.extend(path);
        tokens.extend(argument);
    }
}

impl From<syn::Error> for Diagnostic {
    fn from(error: syn::Error) -> Self {
        Self {
            start: error.span(),
            end: error.span(),
            message: error.to_string(),
            help: Vec::new(),
            note: None,
        }
    }
}

/// An error found while syn parses.
fn syntax_error(span: Span, message: &str, help: &str) -> syn::Error {
    syn::Error::new(span, format!("{message}\n  = help: {help}"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder of the crate") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }

    #[test]
    fn no_other_module_writes_a_message() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let messages = source.join("messages");
        let mut files = Vec::new();
        sources(&source, &mut files);
        assert!(files.len() > 20, "the sources of the crate are found");
        for file in files.iter().filter(|file| !file.starts_with(&messages)) {
            let text = fs::read_to_string(file).expect("a source file");
            for constructor in ["Error::new", ".error(", "compile_error!"] {
                assert!(
                    !text.contains(constructor),
                    "{} writes a message with `{constructor}`",
                    file.display()
                );
            }
        }
    }
}
