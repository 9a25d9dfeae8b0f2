//! YAML files of other formats, read as contracts are: the same bounds on size, depth and aliases, the
//! same words for what is no YAML.

use std::cell::RefCell;
use std::fmt::Display;
use std::sync::Arc;

use crate::codes::Code;
use crate::diagnostics::{Diag, DiagContext, Diagnostic, Diagnostics};
use crate::files::{Sources, Span};
use crate::scan::Scan;
use crate::source::Source;
use crate::yaml::{self, Node};

/// A YAML file with the places of everything in it.
#[derive(Debug)]
pub struct Document {
    sources: Sources,
    root: Node,
    /// The line last shown: what stands on one line may be all there is.
    shown: RefCell<Option<(u32, Arc<str>)>>,
}

impl Document {
    /// Reads a file with a scanner of YAML. What stops it is told as of a contract.
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

    /// What the file says.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// A fault at a node of this file; `arguments` fill the places of the code's texts.
    #[must_use]
    pub fn fault(
        &self,
        code: &'static Code,
        node: &Node,
        arguments: &[&dyn Display],
    ) -> Diagnostic {
        let diag = Diag::new(code, node.span, arguments);
        diag.shown(&self.sources, self.line(node.span))
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

    /// The path of the file as messages show it.
    #[must_use]
    pub fn name(&self) -> Arc<str> {
        self.sources.location(self.root.span).file
    }
}

/// Reads a text as common YAML readers do: they let a bracket close at the indentation of what holds it,
/// which the standard and a strict scanner do not. Lines keep their numbers.
fn lenient(text: &str, file: u32, scan: Scan, diagnostics: &mut DiagContext) -> Option<Node> {
    const MOST: usize = 100;
    let mut mended: Option<String> = None;
    for _ in 0..MOST {
        let current = mended.as_deref().unwrap_or(text);
        let mut found = DiagContext::default();
        if let Some(root) = yaml::node(current, file, scan, &mut found) {
            return Some(root);
        }
        match found.only_line().and_then(|line| indented(current, line)) {
            Some(next) => mended = Some(next),
            None => break,
        }
    }
    // The faults of the text as it is.
    yaml::node(text, file, scan, diagnostics)
}

/// The text with a line further in, where all that line begins with is a closing bracket.
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
    /// Line in the file, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.span.line
    }

    /// Column in characters, from 1.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.span.column
    }

    /// The value of a key, where this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()
            .find_map(|(name, value)| (name.text() == Some(key)).then_some(value))
    }

    /// Keys and values of a mapping, in the order written; none of anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&Node, &Node)> {
        let entries: &[(Node, Node)] = match &self.value {
            yaml::Value::Map(entries) => entries,
            _ => &[],
        };
        entries.iter().map(|(key, value)| (key, value))
    }

    /// The items of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.value {
            yaml::Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text, where this is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            yaml::Value::Text(text) => Some(text),
            _ => None,
        }
    }
}
