//! Checks that only server operations have routes, and that each request matches the routes of at most one operation.

use std::collections::HashMap;

use crate::codes;
use crate::contract::{Route, SpanKind};
use crate::diagnostics::DiagContext;
use crate::files::Span;
use crate::parse::Spec;
use crate::read::{Entry, Located};
use crate::spec::{Operation, Routes};

pub(super) fn check(spec: &Spec, diagnostics: &mut DiagContext) {
    let mut known = Known::default();
    let mut other: Option<(&str, Span)> = None;
    for Entry { name, value } in &spec.operations {
        let Some(operation) = value else { continue };
        let Some(Routes(routes)) = operation.route.get() else {
            continue;
        };
        kind(&name.value, operation, diagnostics);
        for route in routes {
            let is_other = route.value == Route::Other;
            match other {
                Some((first, at)) if is_other => {
                    let diag = codes::SECOND_OTHER_ROUTE.at(route.span, [&first]);
                    diagnostics.push(diag.related("first `_OTHER` at", at));
                }
                _ if is_other => other = Some((&name.value, route.span)),
                _ => known.add(&name.value, route, diagnostics),
            }
        }
    }
}

fn kind(name: &str, operation: &Operation, diagnostics: &mut DiagContext) {
    let kind = match operation.kind.located() {
        Some(kind) => kind.value,
        None if operation.kind.has_errors() => return,
        None => SpanKind::default(),
    };
    // A consumer may get its messages in requests.
    let is_served = matches!(kind, SpanKind::Server | SpanKind::Consumer);
    if let (Some(at), false) = (operation.route.key, is_served) {
        let word = format!("{kind:?}").to_lowercase();
        let diag = codes::ROUTE_NOT_SERVER.at(at, [&name, &word]);
        diagnostics.push(match operation.kind.located() {
            Some(kind) => diag
                .help("write `kind: server`, or `kind: consumer` if the request delivers a message; or remove the route")
                .related("kind set at", kind.span),
            None => diag.help("add `kind: server`, or `kind: consumer` if the request delivers a message"),
        });
    }
}

/// A route with its operation.
#[derive(Clone, Copy)]
struct Declared<'a> {
    operation: &'a str,
    route: &'a Located<Route>,
}

/// The routes declared so far, by the text that decides whether routes are ambiguous.
///
/// Routes are matched in one table for each method, where a literal segment takes precedence over a parameter, and a
/// route without a method is in every table. Two routes are ambiguous if they differ only in the names of their
/// parameters, or if at the same place one has a parameter and the other matches the rest of the path.
#[derive(Default)]
struct Known<'a> {
    /// By the whole template, without the names of the parameters.
    templates: ByText<'a>,
    /// By the text before each parameter.
    before_parameters: ByText<'a>,
    /// By the text before the parameter for the rest of the path.
    before_rests: ByText<'a>,
}

impl<'a> Known<'a> {
    fn add(
        &mut self,
        operation: &'a str,
        route: &'a Located<Route>,
        diagnostics: &mut DiagContext,
    ) {
        let declared = Declared { operation, route };
        let (template, parameters, rest) = shape(route.value.path());
        let before = |at: &usize| template[..*at].to_owned();
        let same = self.templates.find(&template, declared);
        let overlapping = || {
            let rests = parameters
                .iter()
                .find_map(|at| self.before_rests.find(&before(at), declared));
            let parameters =
                rest.and_then(|at| self.before_parameters.find(&before(&at), declared));
            rests.or(parameters)
        };
        if let Some(other) = same {
            report(declared, other, true, diagnostics);
        } else if let Some(other) = overlapping() {
            report(declared, other, false, diagnostics);
        }
        for at in &parameters {
            self.before_parameters.insert(before(at), declared);
        }
        if let Some(at) = rest {
            self.before_rests.insert(before(&at), declared);
        }
        self.templates.insert(template, declared);
    }
}

/// Returns a template without the names of its parameters, the index of each parameter, and the index of the parameter
/// for the rest of the path.
fn shape(template: &str) -> (String, Vec<usize>, Option<usize>) {
    let (mut shape, mut parameters, mut rest) = (String::new(), Vec::new(), None);
    let mut remaining = template;
    while let Some((literal, parameter)) = remaining.split_once('{') {
        shape.push_str(literal);
        let (name, after) = parameter.split_once('}').unwrap_or((parameter, ""));
        if name.starts_with('*') {
            rest = Some(shape.len());
            shape.push_str("{*}");
        } else {
            parameters.push(shape.len());
            shape.push_str("{}");
        }
        remaining = after;
    }
    shape.push_str(remaining);
    (shape, parameters, rest)
}

/// Routes by a text and a method.
#[derive(Default)]
struct ByText<'a>(HashMap<String, HashMap<Option<&'static str>, Declared<'a>>>);

impl<'a> ByText<'a> {
    /// Returns a route with the same text that matches requests of the same method.
    fn find(&self, text: &str, declared: Declared<'_>) -> Option<Declared<'a>> {
        let routes = self.0.get(text)?;
        let found = match declared.route.value.method() {
            Some(method) => routes.get(&Some(method)).or_else(|| routes.get(&None)),
            // Take the first route in the order of the contract, because the map is not ordered.
            None => routes.values().min_by_key(|known| known.route.span),
        };
        found.copied()
    }

    fn insert(&mut self, text: String, declared: Declared<'a>) {
        let routes = self.0.entry(text).or_default();
        routes
            .entry(declared.route.value.method())
            .or_insert(declared);
    }
}

fn report(
    declared: Declared<'_>,
    other: Declared<'_>,
    is_same: bool,
    diagnostics: &mut DiagContext,
) {
    let (route, first) = (&declared.route.value, &other.route.value);
    let diag = codes::AMBIGUOUS_ROUTE.at(declared.route.span, [route, first, &other.operation]);
    let help = if !is_same {
        "at the same place of a path, use either a parameter or the rest of the path"
    } else if declared.operation == other.operation {
        "remove one of them"
    } else if route.method() == first.method() {
        "give each request to one operation: use another path or method, or remove one of the routes"
    } else {
        "a route without a method matches every method: name the methods of both routes, or remove one of them"
    };
    diagnostics.push(diag.help(help).related("first route at", other.route.span));
}
