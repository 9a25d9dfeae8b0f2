//! YAML files of other formats, read as contracts are: the same bounds on size, depth and aliases, the
//! same words for what is no YAML.

use std::fmt::Display;
use std::sync::Arc;

use crate::codes::Code;
use crate::diagnostics::{Diagnostic, Diagnostics, Faults};
use crate::source::{Source, Sources, Span};
use crate::yaml::{self, Node};

/// A YAML file with the places of everything in it.
#[derive(Debug)]
pub struct Document {
    sources: Sources,
    root: Node,
}

impl Document {
    /// Reads a file. What stops it is told as of a contract.
    ///
    /// ```
    /// use otel_contract_model::{Document, Source};
    /// let document = Document::read(&Source::text("", "a.yaml", "key: [1, two]")).unwrap();
    /// assert!(document.root().get("key").is_some());
    /// assert!(Document::read(&Source::text("", "a.yaml", "key: [1")).is_err());
    /// ```
    pub fn read(source: &Source) -> Result<Document, Diagnostics> {
        let mut sources = Sources::default();
        let mut faults = Faults::default();
        let file = sources.add(source);
        let root = source
            .read(Span::whole(file), &mut faults)
            .and_then(|text| {
                let root = yaml::node(&text, file, &mut faults);
                sources.set_text(file, text);
                root
            });
        match root {
            Some(root) => Ok(Document { sources, root }),
            None => Err(faults.finish(&sources)),
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
        let mut lines = self.sources.lines();
        let fault = code.at(node.span).with(arguments);
        fault.shown(&self.sources, &mut lines)
    }

    /// The path of the file as messages show it.
    #[must_use]
    pub fn name(&self) -> Arc<str> {
        self.sources.location(self.root.span).file
    }
}

impl Node {
    /// Line in the file, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.span.line
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
