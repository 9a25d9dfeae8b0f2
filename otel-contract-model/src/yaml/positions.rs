//! What everything is and where it stands: the events of `saphyr-parser` as a tree that shares what aliases
//! repeat.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span as Marked};

use super::{Node, Value, scalars, syntax};
use crate::codes;
use crate::diagnostics::Faults;
use crate::source::Span;

/// Deeper than any contract; keeps everything after it from running out of stack.
const DEEPEST: usize = 64;
/// How many nodes aliases may add to those written.
const MOST_REPEATED: usize = 100_000;

/// A node with its place.
#[derive(Debug)]
pub(super) struct Position {
    pub(super) span: Span,
    pub(super) content: Content,
    /// Nodes, with what aliases repeat.
    size: usize,
    /// Levels from here down.
    height: usize,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Content {
    /// Neither a list nor a mapping.
    Scalar(Value),
    /// The items of a list.
    List(Vec<Rc<Position>>),
    /// Key, value, key, … of a mapping.
    Map(Vec<Rc<Position>>),
}

impl Content {
    fn children(&self) -> &[Rc<Position>] {
        match self {
            Self::Scalar(_) => &[],
            Self::List(children) | Self::Map(children) => children,
        }
    }
}

/// A list or mapping that has begun.
struct Open {
    span: Span,
    /// Set for those in braces or brackets: where they began.
    flow: Option<Marker>,
    anchor: usize,
    children: Vec<Rc<Position>>,
}

/// The positions of a text's one document.
pub(super) fn read(text: &str, file: u32, faults: &mut Faults) -> Option<Rc<Position>> {
    Reader {
        file,
        faults,
        open: Vec::new(),
        anchors: HashMap::new(),
        written: 0,
        root: None,
    }
    .read(text)
}

impl Position {
    /// With what aliases repeat written out.
    pub(super) fn node(&self) -> Node {
        let value = match &self.content {
            Content::Scalar(value) => value.clone(),
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
        }
    }
}

struct Reader<'a> {
    file: u32,
    faults: &'a mut Faults,
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Position>>,
    written: usize,
    root: Option<Rc<Position>>,
}

impl Reader<'_> {
    fn read(mut self, text: &str) -> Option<Rc<Position>> {
        let mut documents = 0;
        for event in Parser::new_from_str(text) {
            let (event, marked) = match event {
                Ok(event) => event,
                Err(error) => {
                    let span = self.span(*error.marker(), 1);
                    self.faults.push(syntax::fault(span, error.info(), text));
                    return None;
                }
            };
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        let span = self.span(marked.start, marked.len());
                        self.faults.push(codes::SECOND_DOCUMENT.at(span));
                        return None;
                    }
                }
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
                event => self.node(event, marked)?,
            }
        }
        match self.root {
            Some(root) => Some(root),
            None => {
                self.faults
                    .push(codes::EMPTY_FILE.at(Span::whole(self.file)));
                None
            }
        }
    }

    fn node(&mut self, event: Event<'_>, marked: Marked) -> Option<()> {
        let span = self.span(marked.start, one_line(marked));
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.is_some(), span)?;
                let value = match style {
                    ScalarStyle::Plain => scalars::plain(&text),
                    _ => Value::Text(text.into_owned()),
                };
                self.close(span, Content::Scalar(value), anchor)
            }
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), span)?;
                let flow = (!marked.is_empty()).then_some(marked.start);
                self.open.push(Open {
                    span,
                    flow,
                    anchor,
                    children: Vec::new(),
                });
                self.refuse_depth(span, 0)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let is_list = matches!(event, Event::SequenceEnd);
                let Open {
                    mut span,
                    flow,
                    anchor,
                    children,
                } = self.open.pop()?;
                match (flow, children.first()) {
                    (Some(start), _) => {
                        span.length = one_line_between(start, marked.end);
                    }
                    // A block has no beginning of its own: its first entry stands for it.
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
            Event::Alias(anchor) => {
                let Some(target) = self.anchors.get(&anchor).cloned() else {
                    self.faults.push(codes::RECURSIVE_ALIAS.at(span));
                    return None;
                };
                self.refuse_depth(span, target.height)?;
                self.place(target);
                Some(())
            }
            _ => Some(()),
        }
    }

    fn close(&mut self, span: Span, content: Content, anchor: usize) -> Option<()> {
        self.written += 1;
        let children = content.children();
        let size = children
            .iter()
            .fold(1_usize, |size, child| size.saturating_add(child.size));
        if size > self.written.saturating_add(MOST_REPEATED) {
            self.faults.push(codes::ALIAS_BOMB.at(span));
            return None;
        }
        let height = 1 + children.iter().map(|child| child.height).max().unwrap_or(0);
        let position = Rc::new(Position {
            span,
            content,
            size,
            height,
        });
        if anchor != 0 {
            self.anchors.insert(anchor, position.clone());
        }
        self.place(position);
        Some(())
    }

    fn place(&mut self, position: Rc<Position>) {
        match self.open.last_mut() {
            Some(open) => open.children.push(position),
            None => self.root = Some(position),
        }
    }

    fn refuse_tag(&mut self, tagged: bool, span: Span) -> Option<()> {
        if tagged {
            self.faults.push(codes::TAG.at(span));
            return None;
        }
        Some(())
    }

    fn refuse_depth(&mut self, span: Span, below: usize) -> Option<()> {
        if self.open.len() + below > DEEPEST {
            self.faults.push(codes::TOO_DEEP.at(span).with(&[&DEEPEST]));
            return None;
        }
        Some(())
    }

    fn span(&self, start: Marker, length: usize) -> Span {
        Span {
            file: self.file,
            line: number(start.line()),
            column: number(start.col()).saturating_add(1),
            length: number(length).max(1),
        }
    }
}

/// Characters of a place on its first line.
fn one_line(marked: Marked) -> usize {
    one_line_between(marked.start, marked.end) as usize
}

fn one_line_between(start: Marker, end: Marker) -> u32 {
    if start.line() == end.line() {
        number(end.col().saturating_sub(start.col())).max(1)
    } else {
        1
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
