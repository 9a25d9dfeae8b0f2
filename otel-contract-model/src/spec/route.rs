//! Routes, as written: `POST /orders/{order_id}/pay`.

mod part;
mod path;
mod segment;

use crate::codes;
use crate::contract::Route;
use crate::diagnostics::Diag;
use crate::names;
use crate::read::{Expected, Located, Read, Reader};
use crate::yaml::{Node, Value};

use part::Part;

/// One route, or a list of routes.
#[derive(Clone, Default)]
pub(crate) struct Routes(pub(crate) Vec<Located<Route>>);

impl Read for Routes {
    const EXPECTED: Expected = Expected::Routes;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(_) => Some(Routes(vec![Located::read(node, reader)?])),
            Value::List(_) => Vec::read(node, reader).map(Routes),
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

impl Read for Route {
    const EXPECTED: Expected = Expected::Routes;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return reader.wrong_type(Self::EXPECTED, node);
        };
        let mut parser = Parser {
            errors: Vec::new(),
            node,
        };
        let route = parser.route(Part::whole(text));
        let is_valid = parser.errors.is_empty();
        for diag in parser.errors {
            reader.diagnostics.push(diag);
        }
        route.filter(|_| is_valid)
    }
}

/// Words that users write for the requests without another route.
const OTHER_WORDS: [&str; 8] = [
    "other",
    "_other",
    "/_other",
    "default",
    "fallback",
    "unmatched",
    "not_found",
    "*",
];

/// Words that users write for every method.
const EVERY_METHOD: [&str; 4] = ["any", "all", "every", "*"];

/// Parses a route, and collects its errors.
struct Parser<'a> {
    errors: Vec<Diag>,
    node: &'a Node,
}

impl Parser<'_> {
    /// Adds an error of a part of the route.
    fn report(&mut self, part: Part<'_>, diag: Diag) {
        self.errors.push(diag.part(part.start(), part.text));
    }

    fn route(&mut self, whole: Part<'_>) -> Option<Route> {
        let route = whole.trim();
        if route.text == Route::OTHER {
            return Some(Route::Other);
        }
        if route.text.is_empty() {
            let diag = codes::EMPTY_TEXT.at(self.node.span, [&"route"]);
            let help = "write a method and the template of a path: `POST /orders/{order_id}/pay`";
            self.errors.push(diag.help(help));
            return None;
        }
        if OTHER_WORDS.contains(&route.text.to_lowercase().as_str()) {
            let diag = codes::NOT_A_PATH.at(self.node.span, [&route.text, &"no path"]);
            let diag = diag.help("did you mean `_OTHER`, the requests that match no other route?");
            self.report(route, diag.replace(route.text, Route::OTHER));
            return None;
        }
        match route.split_at_whitespace() {
            Some((first, second)) if is_method(second.text) && first.text.starts_with('/') => {
                let diag = codes::UNKNOWN_METHOD.at(self.node.span, [&first.text]);
                let help = format!("the method is first: `{} {}`", second.text, first.text);
                self.report(first, diag.help(help));
                None
            }
            Some((method, path)) if !method.text.starts_with('/') => {
                if path.text == Route::OTHER {
                    let diag = codes::UNKNOWN_METHOD.at(self.node.span, [&route.text]);
                    let help = "`_OTHER` is the requests of every method that match no other route: write `_OTHER` alone";
                    let diag = diag.help(help).replace(route.text, Route::OTHER);
                    self.report(route, diag);
                    return None;
                }
                let method = self.method(method, path);
                let template = self.path(path)?;
                Some(Route::Path {
                    method: Some(method?),
                    template,
                })
            }
            _ => Some(Route::Path {
                method: None,
                template: self.path(route)?,
            }),
        }
    }

    fn method(&mut self, method: Part<'_>, path: Part<'_>) -> Option<&'static str> {
        let mut known = Route::METHODS.into_iter();
        if let Some(known) = known.find(|known| *known == method.text) {
            return Some(known);
        }
        let diag = codes::UNKNOWN_METHOD.at(self.node.span, [&method.text]);
        let several: Vec<&str> = method.text.split([',', '|']).collect();
        let diag = if several.len() > 1 {
            let routes: Vec<String> = several
                .iter()
                .filter(|method| !method.is_empty())
                .map(|method| format!("\"{} {}\"", method.to_uppercase(), path.text))
                .collect();
            diag.help(format!(
                "write one route for each method: `route: [{}]`",
                routes.join(", ")
            ))
        } else if EVERY_METHOD.contains(&method.text.to_lowercase().as_str()) {
            diag.help(format!(
                "leave the method out for every method: `{}`",
                path.text
            ))
        } else {
            let upper = method.text.to_uppercase();
            let nearest = names::nearest(&upper, Route::METHODS);
            match nearest {
                Some(nearest) => diag.suggest(method.text, Some(nearest), Route::METHODS),
                None => diag.help(format!(
                    "use one of {}, or leave the method out for every method",
                    names::list(&Route::METHODS)
                )),
            }
        };
        self.report(method, diag);
        None
    }
}

fn is_method(word: &str) -> bool {
    Route::METHODS.contains(&word.to_uppercase().as_str())
}
