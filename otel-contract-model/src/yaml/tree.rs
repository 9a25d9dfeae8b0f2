//! Builds a tree of nodes from the events of a text. Aliased nodes are shared.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use super::{Node, Value, scalars};
use crate::codes;
use crate::diagnostics::{Diag, DiagContext, comment, invisible};
use crate::files::Span;
use crate::scan::{Event, Extent, Position, Properties, Scan};

/// The maximum nesting depth. Deeper trees could overflow the stack in later stages.
const DEEPEST: usize = 64;
/// The maximum number of nodes that aliases may add.
const MOST_REPEATED: usize = 100_000;

/// The help for a comment that starts inside a value.
const COMMENT: &str = "quote text that contains ` #`, or move the comment to its own line";

/// A node that aliases can share.
pub(super) struct SharedNode {
    pub(super) span: Span,
    pub(super) content: Content,
    /// Number of nodes; aliased nodes count once for each alias.
    size: usize,
    /// Number of levels.
    height: usize,
}

/// The content of a node.
pub(super) enum Content {
    /// A scalar, with its source text unless it is a string.
    Scalar(Value, Option<Arc<str>>),
    /// The items of a list.
    List(Vec<Rc<SharedNode>>),
    /// The alternating keys and values of a mapping.
    Map(Vec<Rc<SharedNode>>),
}

impl Content {
    fn children(&self) -> &[Rc<SharedNode>] {
        match self {
            Self::Scalar(..) => &[],
            Self::List(children) | Self::Map(children) => children,
        }
    }
}

/// A list or mapping that is not complete yet.
struct Open {
    span: Span,
    /// The position of the opening brace or bracket, if there is one.
    flow: Option<Position>,
    anchor: Option<usize>,
    children: Vec<Rc<SharedNode>>,
}

/// Builds the tree of the document of a text.
pub(super) fn read(
    text: &str,
    file: u32,
    scan: Scan,
    diagnostics: &mut DiagContext,
) -> Option<Rc<SharedNode>> {
    Reader {
        file,
        diagnostics,
        open: Vec::new(),
        anchors: HashMap::new(),
        documents: 0,
        nodes_in_text: 0,
        root: None,
    }
    .read(text, scan)
}

impl SharedNode {
    /// Converts the tree, and expands aliases.
    pub(super) fn node(&self) -> Node {
        let mut written = None;
        let value = match &self.content {
            Content::Scalar(value, plain) => {
                written.clone_from(plain);
                value.clone()
            }
            Content::List(items) => Value::List(items.iter().map(|item| item.node()).collect()),
            Content::Map(entries) => Value::Map(
                entries
                    .chunks_exact(2)
                    .map(|entry| (entry[0].node(), entry[1].node()))
                    .collect(),
            ),
        };
        Node {
            span: self.span,
            value,
            written,
        }
    }
}

struct Reader<'a> {
    file: u32,
    diagnostics: &'a mut DiagContext,
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<SharedNode>>,
    documents: usize,
    /// The number of nodes in the text. A node that an alias repeats counts once.
    nodes_in_text: usize,
    root: Option<Rc<SharedNode>>,
}

impl Reader<'_> {
    fn read(mut self, text: &str, scan: Scan) -> Option<Rc<SharedNode>> {
        let mut rejected = false;
        let read = scan(text, &mut |event, extent| {
            rejected = rejected || self.take(event, extent).is_none();
            if rejected {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        match (rejected, read) {
            (true, _) => None,
            (false, Err(syntax_error)) => {
                if let Some(diag) = self.invisible(text, syntax_error.at) {
                    self.diagnostics.push(diag);
                    return None;
                }
                if let Some((at, message)) = comment::causing_error(text, syntax_error.at) {
                    let diag = codes::NOT_YAML.at(self.span(at, 1), [&message]);
                    self.diagnostics.push(diag.help(COMMENT));
                    return None;
                }
                let diag =
                    codes::NOT_YAML.at(self.span(syntax_error.at, 1), [&syntax_error.message]);
                self.diagnostics.push(match syntax_error.help {
                    Some(help) => diag.help(help),
                    None => diag,
                });
                None
            }
            (false, Ok(())) => self.end(),
        }
    }

    /// Returns the error for an invisible character where YAML expects structure. The scanner reads such a character as
    /// text, or rejects it.
    fn invisible(&self, text: &str, at: Position) -> Option<Diag> {
        let (line, column, character) =
            invisible::at(text, at).or_else(|| invisible::in_structure(text, at.line))?;
        let name = invisible::named(character);
        let diag = codes::NOT_YAML.at(
            self.span(Position { line, column }, 1),
            [&format!("invisible character {name}")],
        );
        let diag = diag.naming_invisible();
        Some(if character.is_whitespace() {
            diag.help(format!("write a plain space in place of {name}"))
        } else {
            diag.help(format!("remove {name}"))
        })
    }

    /// Returns the root after the last event.
    fn end(mut self) -> Option<Rc<SharedNode>> {
        if let Some(open) = self.open.first() {
            let span = open.span;
            return self.misplaced(span);
        }
        if self.root.is_none() {
            self.diagnostics
                .push(codes::EMPTY_FILE.at(Span::whole(self.file), []));
        }
        self.root
    }

    /// Reports an invalid sequence of events. Only an error in the scanner causes such a sequence.
    fn misplaced<T>(&mut self, span: Span) -> Option<T> {
        let message = "something is missing or misplaced here";
        self.diagnostics.push(codes::NOT_YAML.at(span, [&message]));
        None
    }

    /// Handles an event. Returns `None` after an error; the error is reported.
    fn take(&mut self, event: Event<'_>, extent: Extent) -> Option<()> {
        let span = self.span(extent.start, one_line(extent));
        match event {
            Event::Document => {
                self.documents += 1;
                if self.documents > 1 {
                    self.diagnostics.push(codes::SECOND_DOCUMENT.at(span, []));
                    return None;
                }
                Some(())
            }
            Event::Scalar {
                text,
                plain,
                properties,
            } => {
                self.reject_tag(properties.tagged, span)?;
                let value = if plain {
                    scalars::plain(&text)
                } else {
                    Value::Text(text.as_ref().to_owned())
                };
                let written = match &value {
                    Value::Text(_) => None,
                    _ => Some(Arc::from(text)),
                };
                self.close(span, Content::Scalar(value, written), properties.anchor)
            }
            Event::List(properties) | Event::Map(properties) => {
                self.begin(properties, extent, span)
            }
            Event::ListEnd => self.end_of(true, extent, span),
            Event::MapEnd => self.end_of(false, extent, span),
            Event::Alias(anchor) => {
                let Some(target) = self.anchors.get(&anchor).cloned() else {
                    self.diagnostics.push(codes::RECURSIVE_ALIAS.at(span, []));
                    return None;
                };
                self.reject_depth(span, target.height)?;
                self.add(target);
                Some(())
            }
        }
    }

    fn begin(&mut self, properties: Properties, extent: Extent, span: Span) -> Option<()> {
        self.reject_tag(properties.tagged, span)?;
        self.open.push(Open {
            span,
            flow: (extent.start != extent.end).then_some(extent.start),
            anchor: properties.anchor,
            children: Vec::new(),
        });
        self.reject_depth(span, 0)
    }

    /// Handles the end of a list or mapping.
    fn end_of(&mut self, is_list: bool, extent: Extent, span: Span) -> Option<()> {
        let fits = |open: &mut Open| is_list || open.children.len().is_multiple_of(2);
        let Some(Open {
            mut span,
            flow,
            anchor,
            children,
        }) = self.open.pop_if(fits)
        else {
            return self.misplaced(span);
        };
        match (flow, children.first()) {
            (Some(start), _) => {
                let whole = Extent {
                    start,
                    end: extent.end,
                };
                span.length = number(one_line(whole));
            }
            // A block has no opening character, so its first entry marks its location.
            (None, Some(first)) => span = first.span,
            (None, None) => {}
        }
        let content = if is_list {
            Content::List(children)
        } else {
            Content::Map(children)
        };
        self.close(span, content, anchor)
    }

    fn close(&mut self, span: Span, content: Content, anchor: Option<usize>) -> Option<()> {
        self.nodes_in_text += 1;
        let children = content.children();
        let size = children
            .iter()
            .fold(1_usize, |size, child| size.saturating_add(child.size));
        if size > self.nodes_in_text.saturating_add(MOST_REPEATED) {
            self.diagnostics.push(codes::ALIAS_BOMB.at(span, []));
            return None;
        }
        let height = 1 + children.iter().map(|child| child.height).max().unwrap_or(0);
        let node = Rc::new(SharedNode {
            span,
            content,
            size,
            height,
        });
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, node.clone());
        }
        self.add(node);
        Some(())
    }

    fn add(&mut self, node: Rc<SharedNode>) {
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
    }

    fn reject_tag(&mut self, tagged: bool, span: Span) -> Option<()> {
        if tagged {
            self.diagnostics.push(codes::TAG.at(span, []));
            return None;
        }
        Some(())
    }

    fn reject_depth(&mut self, span: Span, below: usize) -> Option<()> {
        if self.open.len() + below > DEEPEST {
            self.diagnostics.push(codes::TOO_DEEP.at(span, [&DEEPEST]));
            return None;
        }
        Some(())
    }

    fn span(&self, start: Position, length: usize) -> Span {
        Span {
            file: self.file,
            line: number(start.line),
            column: number(start.column),
            length: number(length).max(1),
        }
    }
}

/// Returns the number of characters of a range within one line, or 1 if the range spans several lines.
fn one_line(Extent { start, end }: Extent) -> usize {
    if start.line == end.line {
        end.column.saturating_sub(start.column).max(1)
    } else {
        1
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Sources;
    use crate::yaml;

    /// Reads the events of a scanner that ignores the text.
    fn read(scan: Scan) -> Result<Value, String> {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "a.yaml".into());
        sources.set_text(file, "text".to_owned());
        let mut diagnostics = DiagContext::default();
        match yaml::node("text", file, scan, &mut diagnostics) {
            Some(node) => Ok(node.value),
            None => Err(diagnostics.finish(&sources).to_string()),
        }
    }

    const HERE: Extent = Extent {
        start: Position { line: 1, column: 1 },
        end: Position { line: 1, column: 2 },
    };

    fn text() -> Event<'static> {
        Event::Scalar {
            text: "a".into(),
            plain: true,
            properties: Properties::default(),
        }
    }

    #[test]
    fn misplaced_events_are_an_error() {
        let scans: [Scan; 4] = [
            |_, on_event| {
                let _ = on_event(Event::ListEnd, HERE);
                Ok(())
            },
            |_, on_event| {
                let _ = on_event(Event::List(Properties::default()), HERE);
                Ok(())
            },
            |_, on_event| {
                let _ = on_event(Event::Map(Properties::default()), HERE);
                let _ = on_event(text(), HERE);
                let _ = on_event(Event::MapEnd, HERE);
                Ok(())
            },
            // A scanner that continues although the handler returned `Break`.
            |_, on_event| {
                let _ = on_event(Event::MapEnd, HERE);
                let _ = on_event(text(), HERE);
                Ok(())
            },
        ];
        for scan in scans {
            let diagnostics = read(scan).expect_err("an error");
            assert_eq!(diagnostics.matches("error[").count(), 1, "{diagnostics}");
            assert!(diagnostics.contains("misplaced"), "{diagnostics}");
        }
    }

    #[test]
    fn a_scanner_is_stopped_after_an_error() {
        let diagnostics = read(|_, on_event| {
            let _ = on_event(Event::Document, HERE);
            assert!(on_event(text(), HERE).is_continue());
            assert!(on_event(Event::Document, HERE).is_break());
            assert!(on_event(text(), HERE).is_break());
            Ok(())
        });
        let diagnostics = diagnostics.expect_err("an error");
        assert!(diagnostics.contains("second document"), "{diagnostics}");
    }
}
