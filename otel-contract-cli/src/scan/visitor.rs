//! Visits Rust syntax and collects telemetry that bypasses the contract.

use super::rules::{INSTRUMENT, KEY_VALUE, OUTER_SPAN, SET_ATTRIBUTE, SPAN_FIELD};
use super::{Site, fields, macro_calls, tokens};
use proc_macro2::TokenStream;
use std::collections::HashSet;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Lit, Meta, Signature, Token};

/// Returns the findings of a file, in order.
pub(super) fn sites(file: &syn::File, text: &str) -> Vec<Site> {
    let mut visitor = Visitor {
        sites: Vec::new(),
        key_values: HashSet::from(["KeyValue".to_owned()]),
        // DOM elements also have a method `set_attribute`.
        is_telemetry: text.contains("opentelemetry") || text.contains("tracing"),
        is_in_operation: false,
    };
    if is_allowed(&file.attrs) {
        return Vec::new();
    }
    visitor.collect_renames(file);
    visitor.visit_file(file);
    let mut sites = visitor.sites;
    sites.sort_by_key(|site| site.start);
    sites
}

struct Visitor {
    sites: Vec<Site>,
    /// Names of `KeyValue` in this file.
    key_values: HashSet<String>,
    /// Whether the file mentions a telemetry crate.
    is_telemetry: bool,
    /// Whether the visited code is the body of an operation.
    is_in_operation: bool,
}

impl Visitor {
    /// Collects renamed imports: `use opentelemetry::KeyValue as Kv`.
    fn collect_renames(&mut self, file: &syn::File) {
        struct Renamed<'a>(&'a mut HashSet<String>);
        impl Visit<'_> for Renamed<'_> {
            fn visit_use_rename(&mut self, rename: &syn::UseRename) {
                if rename.ident == "KeyValue" {
                    self.0.insert(rename.rename.to_string());
                }
            }
        }
        Renamed(&mut self.key_values).visit_file(file);
    }

    /// Checks every `#[instrument]` attribute of a function, also inside `cfg_attr`.
    fn check_function(&mut self, attributes: &[Attribute], signature: &Signature) {
        for attribute in attributes {
            match &attribute.meta {
                Meta::List(list) if list.path.is_ident("cfg_attr") => {
                    // The first argument is the condition.
                    let metas = loose_metas(list.tokens.clone());
                    let metas = metas.iter().skip(1);
                    metas.for_each(|meta| self.check_instrument(meta, signature));
                }
                meta => self.check_instrument(meta, signature),
            }
        }
    }

    fn check_instrument(&mut self, meta: &Meta, signature: &Signature) {
        let path = meta.path();
        if path
            .segments
            .last()
            .is_none_or(|segment| segment.ident != "instrument")
        {
            return;
        }
        let options: Vec<Meta> = match meta {
            Meta::List(list) => loose_metas(list.tokens.clone()),
            _ => Vec::new(),
        };
        let mut skipped: HashSet<String> = HashSet::new();
        let mut skips_all = false;
        for option in &options {
            let Some(name) = option.path().get_ident() else {
                continue;
            };
            match option {
                Meta::Path(_) if name == "skip_all" => skips_all = true,
                Meta::List(list) if name == "skip" => {
                    let names = tokens::split(list.tokens.clone());
                    skipped.extend(
                        names
                            .iter()
                            .filter_map(|name| Some(name.first()?.to_string())),
                    );
                }
                Meta::List(list) if name == "fields" => {
                    self.sites
                        .extend(fields::of_list(list.tokens.clone(), &INSTRUMENT));
                }
                _ => {}
            }
        }
        let recorded: Vec<String> = arguments(signature)
            .into_iter()
            .filter(|argument| !skips_all && !skipped.contains(argument))
            .map(|argument| format!("`{argument}`"))
            .collect();
        if !recorded.is_empty() {
            let description = match recorded.as_slice() {
                [argument] => format!("argument {argument}"),
                many => format!("each of the arguments {}", many.join(", ")),
            };
            let site = Site::new(&INSTRUMENT, None, &description, path.span());
            self.sites.push(site);
        }
    }

    /// Visits the body of a function, which may be an operation.
    fn in_function(&mut self, attributes: &[Attribute], visit: impl FnOnce(&mut Self)) {
        let is_operation = attributes.iter().any(|attribute| {
            let last = attribute.path().segments.last();
            last.is_some_and(|segment| segment.ident == "instrumented_operation")
        });
        let before = std::mem::replace(&mut self.is_in_operation, is_operation);
        visit(self);
        self.is_in_operation = before;
    }

    /// Reports that code of an operation uses the current `tracing` span. `method` is the called method.
    fn outer_span(&mut self, method: Option<&str>, span: proc_macro2::Span) {
        let (what, help) = match method {
            Some("in_current_span" | "or_current") => (
                "continues the span around the operation",
                "use `spawn` of the contract's module, or write `.in_context(Context::current())`",
            ),
            Some("context") => (
                "is the span around the operation",
                "write `TraceContext::current()` of the contract's module, and `inject` it into headers",
            ),
            Some("record" | "set_attribute") => (
                "is the span around the operation, so this value is recorded on that span",
                "set the attribute in the argument `ok(…)` of `#[instrumented_operation]`, or on the handle that its argument `as op` creates",
            ),
            _ => (
                "is the span around the operation",
                "remove it: `Context::current()` is the OpenTelemetry context of the operation",
            ),
        };
        let written = match method {
            Some(method @ ("in_current_span" | "or_current")) => format!("`{method}`"),
            _ => "`Span::current()`".to_owned(),
        };
        let mut site = Site::new(&OUTER_SPAN, None, &format!("{written} {what}"), span);
        site.help = Some(help);
        self.sites.push(site);
    }

    /// Returns the key passed to `KeyValue::new` or `Key::new`, if it is a literal.
    fn key(argument: Option<&Expr>) -> Option<String> {
        match argument? {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            Expr::Call(call) => Self::key(call.args.first()),
            Expr::MethodCall(call) => Self::key(Some(&call.receiver)),
            Expr::Reference(reference) => Self::key(Some(&reference.expr)),
            _ => None,
        }
    }

    /// Describes a key that is not a literal: `the key KEY`.
    fn description(argument: Option<&Expr>) -> String {
        match argument {
            Some(Expr::Path(path)) => {
                let last = path.path.segments.last();
                let name = last
                    .map(|segment| segment.ident.to_string())
                    .unwrap_or_default();
                format!("the key `{name}`")
            }
            _ => "an attribute".to_owned(),
        }
    }

    fn macro_(&mut self, path: &syn::Path, body: &TokenStream) {
        let name = path
            .segments
            .last()
            .map(|segment| segment.ident.to_string());
        let name = name.unwrap_or_default();
        if fields::SPANS.contains(&name.as_str()) {
            let found = fields::of_span(&name, body.clone(), &SPAN_FIELD);
            self.sites.extend(found);
            return;
        }
        // Most macros take expressions as arguments, for example `vec!` and `assert!`.
        let expressions = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(expressions) = expressions.parse2(body.clone()) {
            expressions
                .iter()
                .for_each(|expression| self.visit_expr(expression));
        } else if let Ok(statements) = syn::Block::parse_within.parse2(body.clone()) {
            statements
                .iter()
                .for_each(|statement| self.visit_stmt(statement));
        } else {
            let is_key_value = |word: &str| self.key_values.contains(word);
            let found = macro_calls::sites(body.clone(), &is_key_value);
            self.sites.extend(found);
        }
    }
}

impl<'ast> Visit<'ast> for Visitor {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let Expr::Path(function) = &*call.func else {
            return visit::visit_expr_call(self, call);
        };
        let segments: Vec<String> = function
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if self.is_in_operation && is_current_span(call) {
            return self.outer_span(None, function.span());
        }
        let made = match segments.as_slice() {
            [.., owner, new] if new == "new" => {
                self.key_values.contains(owner) || self.is_telemetry && owner == "Key"
            }
            [.., owner, new] => owner == "Key" && new == "from_static_str",
            _ => false,
        };
        if !made {
            return visit::visit_expr_call(self, call);
        }
        let key = Self::key(call.args.first());
        let description = Self::description(call.args.first());
        let span = match (&key, call.args.first()) {
            (Some(_), Some(argument)) => argument.span(),
            _ => function.span(),
        };
        self.sites
            .push(Site::new(&KEY_VALUE, key, &description, span));
        // This finding covers the key. The value may contain further findings.
        call.args
            .iter()
            .skip(1)
            .for_each(|argument| self.visit_expr(argument));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let method = call.method.to_string();
        if self.is_in_operation {
            let current_span_at = match &*call.receiver {
                Expr::Call(receiver) => is_current_span(receiver).then(|| receiver.func.span()),
                _ => None,
            };
            let continues_span = matches!(method.as_str(), "in_current_span" | "or_current");
            let continues_span_at =
                (continues_span && self.is_telemetry).then(|| call.method.span());
            if let Some(span) = current_span_at.or(continues_span_at) {
                self.outer_span(Some(&method), span);
                if current_span_at.is_none() {
                    self.visit_expr(&call.receiver);
                }
                call.args
                    .iter()
                    .for_each(|argument| self.visit_expr(argument));
                return;
            }
        }
        let before = self.sites.len();
        visit::visit_expr_method_call(self, call);
        let found = self.sites.len() > before;
        let first = call.args.first();
        match (method.as_str(), call.args.len()) {
            // A `KeyValue` that is constructed in the call is already reported.
            ("set_attribute", 1 | 2) | ("set_attributes", 1) if self.is_telemetry && !found => {
                let key = Self::key(first).filter(|_| call.args.len() == 2);
                let description = if method == "set_attributes" {
                    "a list of attributes".to_owned()
                } else {
                    Self::description(first)
                };
                let span = match (&key, first) {
                    (Some(_), Some(argument)) => argument.span(),
                    _ => call.method.span(),
                };
                self.sites
                    .push(Site::new(&SET_ATTRIBUTE, key, &description, span));
            }
            ("record", 2) if self.is_telemetry => {
                if let Some(argument @ Expr::Lit(_)) = first
                    && let Some(key) = Self::key(first)
                {
                    let span = argument.span();
                    self.sites.push(Site::new(&SPAN_FIELD, Some(key), "", span));
                }
            }
            _ => {}
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.macro_(&call.path, &call.tokens);
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_allowed(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.check_function(&item.attrs, &item.sig);
        self.in_function(&item.attrs, |this| visit::visit_item_fn(this, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_allowed(&item.attrs) {
            self.check_function(&item.attrs, &item.sig);
            self.in_function(&item.attrs, |this| visit::visit_impl_item_fn(this, item));
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if !is_allowed(&item.attrs) {
            self.check_function(&item.attrs, &item.sig);
            self.in_function(&item.attrs, |this| visit::visit_trait_item_fn(this, item));
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if !is_allowed(&local.attrs) {
            visit::visit_local(self, local);
        }
    }
}

/// Returns whether a call is `Span::current()`.
fn is_current_span(call: &syn::ExprCall) -> bool {
    let Expr::Path(function) = &*call.func else {
        return false;
    };
    let mut segments = function.path.segments.iter().rev();
    let mut is = |name: &str| segments.next().is_some_and(|segment| segment.ident == name);
    is("current") && is("Span")
}

/// Returns the attributes of an item that may contain functions.
fn attributes(item: &syn::Item) -> &[Attribute] {
    match item {
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        _ => &[],
    }
}

/// Returns whether an attribute allows clippy's `disallowed_methods` or `disallowed_macros`. `scan` skips such code.
fn is_allowed(attributes: &[Attribute]) -> bool {
    let lints = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::List(list) if list.path.is_ident("allow") || list.path.is_ident("expect") => {
                Some(list.tokens.to_string())
            }
            _ => None,
        });
    let mut lints = lints.map(|lints| lints.replace(' ', ""));
    lints.any(|lints| lints.contains("clippy::disallowed_m"))
}

/// Returns the options that parse as attributes. Other options, such as `level = Level::INFO`, are skipped.
fn loose_metas(tokens: TokenStream) -> Vec<Meta> {
    let options = tokens::split(tokens).into_iter();
    options
        .filter_map(|option| syn::parse2(option.into_iter().collect()).ok())
        .collect()
}

/// Returns the names of the arguments, without `self`.
fn arguments(signature: &Signature) -> Vec<String> {
    struct Names(Vec<String>);
    impl Visit<'_> for Names {
        fn visit_pat_ident(&mut self, name: &syn::PatIdent) {
            self.0.push(name.ident.to_string());
        }
    }
    let mut names = Names(Vec::new());
    for input in &signature.inputs {
        if let syn::FnArg::Typed(input) = input {
            names.visit_pat(&input.pat);
        }
    }
    names.0
}
