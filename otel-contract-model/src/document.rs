//! YAML files of other formats, read like contracts: with the same limits on size, depth and aliases, and the same
//! messages for invalid YAML.

use std::cell::RefCell;
use std::fmt::Display;
use std::sync::Arc;

use crate::codes::Code;
use crate::diagnostics::{Diag, DiagContext, Diagnostic, Diagnostics};
use crate::files::{Sources, Span};
use crate::scan::Scan;
use crate::source::Source;
use crate::yaml::{self, Node};

/// A YAML file with the location of every node.
#[derive(Debug)]
pub struct Document {
    sources: Sources,
    root: Node,
    /// Number and text of the source line of the last error. All errors of a one-line file share this text.
    shown: RefCell<Option<(u32, Arc<str>)>>,
}

impl Document {
    /// Reads a file with a YAML scanner. Errors are the same as for a contract.
    pub fn read(source: &Source, scan: Scan) -> Result<Document, Diagnostics> {
        let mut sources = Sources::default();
        let mut diagnostics = DiagContext::default();
        let file = source.add_to(&mut sources);
        let root = source
            .read(Span::whole(file), &mut diagnostics)
            .and_then(|text| {
                let root = lenient(&text, file, scan, &mut diagnostics);
                sources.set_text(file, text);
                root
            });
        match root {
            Some(root) => Ok(Document {
                sources,
                root,
                shown: RefCell::new(None),
            }),
            None => Err(diagnostics.finish(&sources)),
        }
    }

    /// Returns the root node.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Returns an error at a node of this file; `arguments` fill the placeholders of the code's texts.
    #[must_use]
    pub fn error(
        &self,
        code: &'static Code,
        node: &Node,
        arguments: &[&dyn Display],
    ) -> Diagnostic {
        let diag = Diag::new(code, node.span, arguments);
        diag.into_diagnostic(&self.sources, self.line(node.span))
    }

    fn line(&self, span: Span) -> Arc<str> {
        let mut shown = self.shown.borrow_mut();
        match shown.as_ref() {
            Some((number, line)) if *number == span.line => line.clone(),
            _ => {
                let line = self.sources.lines().get(span);
                *shown = Some((span.line, line.clone()));
                line
            }
        }
    }

    /// Returns the path of the file as shown in messages.
    #[must_use]
    pub fn name(&self) -> Arc<str> {
        self.sources.location(self.root.span).file
    }
}

/// Parses a text as leniently as common YAML parsers. They accept a closing bracket at the indentation of its parent;
/// the YAML standard forbids this. Line numbers stay the same.
fn lenient(text: &str, file: u32, scan: Scan, diagnostics: &mut DiagContext) -> Option<Node> {
    const MOST: usize = 100;
    let mut fixed: Option<String> = None;
    for _ in 0..MOST {
        let current = fixed.as_deref().unwrap_or(text);
        let mut found = DiagContext::default();
        if let Some(root) = yaml::node(current, file, scan, &mut found) {
            return Some(root);
        }
        match found.only_line().and_then(|line| indented(current, line)) {
            Some(next) => fixed = Some(next),
            None => break,
        }
    }
    // Report the errors of the original text.
    yaml::node(text, file, scan, diagnostics)
}

/// Returns the text with a line indented further, if the line starts with a closing bracket.
fn indented(text: &str, line: u32) -> Option<String> {
    let index = (line as usize).checked_sub(1)?;
    let mut lines: Vec<&str> = text.split('\n').collect();
    let closing = lines.get(index)?;
    if !closing.trim_start().starts_with([']', '}']) {
        return None;
    }
    let above = lines.get(index.checked_sub(1)?)?;
    let indentation = above.len() - above.trim_start().len();
    let further = format!("{}{}", " ".repeat(indentation.max(1)), closing);
    lines[index] = &further;
    Some(lines.join("\n"))
}

impl Node {
    /// Returns the line in the file, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.span.line
    }

    /// Returns the column in characters, from 1.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.span.column
    }

    /// Returns the value of a key of a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()
            .find_map(|(name, value)| (name.text() == Some(key)).then_some(value))
    }

    /// Returns the keys and values of a mapping in the order written; empty for other nodes.
    pub fn entries(&self) -> impl Iterator<Item = (&Node, &Node)> {
        let entries: &[(Node, Node)] = match &self.value {
            yaml::Value::Map(entries) => entries,
            _ => &[],
        };
        entries.iter().map(|(key, value)| (key, value))
    }

    /// Returns the items of a list; empty for other nodes.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.value {
            yaml::Value::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the text of a string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            yaml::Value::Text(text) => Some(text),
            _ => None,
        }
    }
}
