//! Where everything stands: the events of `saphyr-parser` as a tree of positions.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser, Span as Marked};

use super::syntax;
use crate::codes;
use crate::diagnostics::Faults;
use crate::source::Span;

/// Deeper than any contract; keeps everything after it from running out of stack.
const DEEPEST: usize = 64;
/// How many nodes aliases may add to those written.
const MOST_REPEATED: usize = 100_000;

/// A node's place, and those of its children: the items of a list; key, value, key, … of a mapping.
#[derive(Debug)]
pub(super) struct Position {
    pub(super) span: Span,
    pub(super) children: Vec<Rc<Position>>,
    /// Nodes, with what aliases repeat.
    size: usize,
    /// Levels from here down.
    height: usize,
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
            Event::Scalar(_, _, anchor, tag) => {
                self.refuse_tag(tag.is_some(), span)?;
                self.close(span, Vec::new(), anchor)
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
                self.close(span, children, anchor)
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

    fn close(&mut self, span: Span, children: Vec<Rc<Position>>, anchor: usize) -> Option<()> {
        self.written += 1;
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
            children,
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
