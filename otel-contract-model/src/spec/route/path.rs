//! Templates of paths: `/orders/{order_id}/pay`, in the syntax of axum 0.8, which is the syntax of matchit 0.8.

use std::collections::HashSet;

use super::{Parser, Part};
use crate::codes;

/// The maximum number of parameters of a route: matchit panics if there are more.
const MOST_PARAMETERS: usize = 25;

impl Parser<'_> {
    /// Returns the template of a path. Reports the errors of the path.
    pub(super) fn path(&mut self, path: Part<'_>) -> Option<String> {
        if !path.text.starts_with('/') {
            self.not_a_path(path);
            return None;
        }
        let before = self.errors.len();
        let end = self.without_query(path);
        let segments: Vec<Part<'_>> = path.slice(1, end).split('/').collect();
        let mut names = HashSet::new();
        let mut after_empty = false;
        for (index, segment) in segments.iter().copied().enumerate() {
            let is_last = index + 1 == segments.len();
            // A slash at the end is allowed: `/orders/` and `/orders` are different paths.
            let is_empty = segment.text.is_empty() && !is_last;
            if is_empty && !after_empty {
                self.empty_segment(path, segment);
            }
            after_empty = is_empty;
            if let Some(parameter) = self.segment(segment) {
                self.parameter(parameter, is_last, &mut names);
            }
        }
        (self.errors.len() == before).then(|| path.text.to_owned())
    }

    fn not_a_path(&mut self, path: Part<'_>) {
        let text = path.text;
        let not_a_path = |label: &str| codes::NOT_A_PATH.at(self.node.span, [&text, &label]);
        let diag = if let Some((_, rest)) = text.split_once("://") {
            let template = rest.find('/').map_or("/", |at| &rest[at..]);
            not_a_path("full URL")
                .help(format!("write the path alone: `{template}`"))
                .replace(text, template)
        } else if text.starts_with('^') || text.contains("(?P<") {
            not_a_path("regular expression").help(
                "write a template: `{name}` for a segment, and `{*rest}` for the rest of the path",
            )
        } else if let Some(fixed) = with_space_after_method(text) {
            not_a_path("no space after the method")
                .help(format!("write `{fixed}`"))
                .replace(text, &fixed)
        } else if super::is_method(text) {
            let method = text.to_uppercase();
            not_a_path("path is missing").help(format!(
                "add the template of a path: `{method} /orders/{{order_id}}`, or `{method} /{{*rest}}` for every path"
            ))
        } else {
            let template = format!("/{text}");
            not_a_path("does not begin with `/`")
                .help(format!("write `{template}`"))
                .replace(text, &template)
        };
        self.report(path, diag);
    }

    /// Returns the length of the path without its query and fragment. Reports them.
    fn without_query(&mut self, path: Part<'_>) -> usize {
        let Some(at) = query_start(path.text) else {
            return path.text.len();
        };
        let rest = path.slice(at, path.text.len());
        let noun = if rest.text.starts_with('?') {
            "query"
        } else {
            "fragment"
        };
        let diag = codes::ROUTE_WITH_QUERY.at(self.node.span, [&noun]);
        let diag = diag.help(format!(
            "write `{}`: a route is matched with the path alone",
            &path.text[..at]
        ));
        self.report(rest, diag);
        at
    }

    /// Reports the slashes around an empty segment.
    fn empty_segment(&mut self, path: Part<'_>, segment: Part<'_>) {
        let from = segment.offset_in(path) - 1;
        let slashes = path.text[from..].bytes().take_while(|byte| *byte == b'/');
        let slashes = path.slice(from, from + slashes.count());
        let diag = codes::EMPTY_SEGMENT.at(self.node.span, [&path.text]);
        self.report(slashes, diag.replace(slashes.text, "/"));
    }

    /// Checks a parameter, which is written as `{name}` or `{*name}`, among the other parameters of its route.
    fn parameter<'a>(&mut self, parameter: Part<'a>, is_last: bool, names: &mut HashSet<&'a str>) {
        let name = parameter.text.trim_matches(['{', '*', '}']);
        if !names.insert(name) {
            let diag = codes::REPEATED_PARAMETER.at(self.node.span, [&name]);
            self.report(parameter, diag);
        } else if names.len() == MOST_PARAMETERS + 1 {
            let reason = format!("is one too many: a route has at most {MOST_PARAMETERS}");
            let diag = codes::BAD_PARAMETER.at(self.node.span, [&parameter.text, &reason]);
            let help = "write `{*rest}` for the rest of the path";
            self.report(parameter, diag.help(help));
        }
        if parameter.text.starts_with("{*") && !is_last {
            let diag = codes::REST_NOT_LAST.at(self.node.span, [&parameter.text]);
            let help =
                format!("end the route after it, or write `{{{name}}}` for a single segment");
            self.report(parameter, diag.help(help));
        }
    }
}

/// Returns a route whose method is joined to its path, such as `POST:/orders`, with a space between them.
fn with_space_after_method(text: &str) -> Option<String> {
    let at = text.find('/')?;
    let (method, template) = text.split_at(at);
    let method = method.trim_end_matches([':', '.', '-']);
    super::is_method(method).then(|| format!("{} {template}", method.to_uppercase()))
}

/// Returns the index of the `?` or `#` after a path. The `?` of `{id?}` and `:id?`, by which other frameworks mark
/// optional segments, belongs to the path.
fn query_start(path: &str) -> Option<usize> {
    let mut start = 0;
    for segment in path.split('/') {
        let mut depth = 0_usize;
        for (at, character) in segment.char_indices() {
            let ends_name = segment.starts_with(':') && at + 1 == segment.len();
            match character {
                '{' | '<' => depth += 1,
                '}' | '>' => depth = depth.saturating_sub(1),
                '?' if depth > 0 || ends_name => {}
                '?' | '#' => return Some(start + at),
                _ => {}
            }
        }
        start += segment.len() + 1;
    }
    None
}
