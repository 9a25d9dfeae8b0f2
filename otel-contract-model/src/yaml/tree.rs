//! What everything is and where it stands: the events of a text as a tree that shares what aliases repeat.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use super::{Node, Value, scalars};
use crate::codes;
use crate::diagnostics::{Fault, Faults, comment, invisible};
use crate::files::Span;
use crate::scan::{Event, Extent, Marks, Place, Scan};

/// Deeper than any contract; keeps everything after it from running out of stack.
const DEEPEST: usize = 64;
/// How many nodes aliases may add to those written.
const MOST_REPEATED: usize = 100_000;

/// What to do about a comment that takes a part of a value.
const COMMENT: &str = "quote text that contains ` #`, or move the comment to its own line";

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
    /// Neither a list nor a mapping; how it is written, where that is not its text.
    Scalar(Value, Option<Arc<str>>),
    /// The items of a list.
    List(Vec<Rc<Position>>),
    /// Key, value, key, … of a mapping.
    Map(Vec<Rc<Position>>),
}

impl Content {
    fn children(&self) -> &[Rc<Position>] {
        match self {
            Self::Scalar(..) => &[],
            Self::List(children) | Self::Map(children) => children,
        }
    }
}

/// A list or mapping that has begun.
struct Open {
    span: Span,
    /// Set for those in braces or brackets: where they began.
    flow: Option<Place>,
    anchor: Option<usize>,
    children: Vec<Rc<Position>>,
}

/// The positions of a text's one document.
pub(super) fn read(text: &str, file: u32, scan: Scan, faults: &mut Faults) -> Option<Rc<Position>> {
    Reader {
        file,
        faults,
        open: Vec::new(),
        anchors: HashMap::new(),
        documents: 0,
        written: 0,
        root: None,
    }
    .read(text, scan)
}

impl Position {
    /// With what aliases repeat written out.
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
    faults: &'a mut Faults,
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Position>>,
    documents: usize,
    written: usize,
    root: Option<Rc<Position>>,
}

impl Reader<'_> {
    fn read(mut self, text: &str, scan: Scan) -> Option<Rc<Position>> {
        let mut refused = false;
        let read = scan(text, &mut |event, extent| {
            refused = refused || self.take(event, extent).is_none();
            if refused {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        match (refused, read) {
            (true, _) => None,
            (false, Err(unreadable)) => {
                if let Some(fault) = self.invisible(text, unreadable.at) {
                    self.faults.push(fault);
                    return None;
                }
                if let Some((at, what)) = comment::in_the_way(text, unreadable.at) {
                    let fault = codes::NOT_YAML.at(self.span(at, 1), [&what]);
                    self.faults.push(fault.help(COMMENT));
                    return None;
                }
                let fault = codes::NOT_YAML.at(self.span(unreadable.at, 1), [&unreadable.what]);
                self.faults.push(match unreadable.help {
                    Some(help) => fault.help(help),
                    None => fault,
                });
                None
            }
            (false, Ok(())) => self.end(),
        }
    }

    /// The fault of an invisible character where the structure is, which the scanner takes for text, or refuses.
    fn invisible(&self, text: &str, at: Place) -> Option<Fault> {
        let (line, column, character) =
            invisible::at(text, at).or_else(|| invisible::in_structure(text, at.line))?;
        let name = invisible::named(character);
        let fault = codes::NOT_YAML.at(
            self.span(Place { line, column }, 1),
            [&format!("invisible character {name}")],
        );
        let fault = fault.naming_invisible();
        Some(if character.is_whitespace() {
            fault.help(format!("write a plain space in place of {name}"))
        } else {
            fault.help(format!("remove {name}"))
        })
    }

    /// After the last event.
    fn end(mut self) -> Option<Rc<Position>> {
        if let Some(open) = self.open.first() {
            let span = open.span;
            return self.misplaced(span);
        }
        if self.root.is_none() {
            self.faults
                .push(codes::EMPTY_FILE.at(Span::whole(self.file), []));
        }
        self.root
    }

    /// The events are not those of a text; a scanner has lost its way.
    fn misplaced<T>(&mut self, span: Span) -> Option<T> {
        let what = "something is missing or misplaced here";
        self.faults.push(codes::NOT_YAML.at(span, [&what]));
        None
    }

    /// `None`: what the event says is refused.
    fn take(&mut self, event: Event<'_>, extent: Extent) -> Option<()> {
        let span = self.span(extent.start, one_line(extent));
        match event {
            Event::Document => {
                self.documents += 1;
                if self.documents > 1 {
                    self.faults.push(codes::SECOND_DOCUMENT.at(span, []));
                    return None;
                }
                Some(())
            }
            Event::Scalar { text, plain, marks } => {
                self.refuse_tag(marks.tagged, span)?;
                let value = if plain {
                    scalars::plain(&text)
                } else {
                    Value::Text(text.as_ref().to_owned())
                };
                let written = match &value {
                    Value::Text(_) => None,
                    _ => Some(Arc::from(text)),
                };
                self.close(span, Content::Scalar(value, written), marks.anchor)
            }
            Event::List(marks) | Event::Map(marks) => self.begin(marks, extent, span),
            Event::ListEnd | Event::MapEnd => {
                let is_list = event == Event::ListEnd;
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
                    self.faults.push(codes::RECURSIVE_ALIAS.at(span, []));
                    return None;
                };
                self.refuse_depth(span, target.height)?;
                self.place(target);
                Some(())
            }
        }
    }

    fn begin(&mut self, marks: Marks, extent: Extent, span: Span) -> Option<()> {
        self.refuse_tag(marks.tagged, span)?;
        self.open.push(Open {
            span,
            flow: (extent.start != extent.end).then_some(extent.start),
            anchor: marks.anchor,
            children: Vec::new(),
        });
        self.refuse_depth(span, 0)
    }

    fn close(&mut self, span: Span, content: Content, anchor: Option<usize>) -> Option<()> {
        self.written += 1;
        let children = content.children();
        let size = children
            .iter()
            .fold(1_usize, |size, child| size.saturating_add(child.size));
        if size > self.written.saturating_add(MOST_REPEATED) {
            self.faults.push(codes::ALIAS_BOMB.at(span, []));
            return None;
        }
        let height = 1 + children.iter().map(|child| child.height).max().unwrap_or(0);
        let position = Rc::new(Position {
            span,
            content,
            size,
            height,
        });
        if let Some(anchor) = anchor {
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
            self.faults.push(codes::TAG.at(span, []));
            return None;
        }
        Some(())
    }

    fn refuse_depth(&mut self, span: Span, below: usize) -> Option<()> {
        if self.open.len() + below > DEEPEST {
            self.faults.push(codes::TOO_DEEP.at(span, [&DEEPEST]));
            return None;
        }
        Some(())
    }

    fn span(&self, start: Place, length: usize) -> Span {
        Span {
            file: self.file,
            line: number(start.line),
            column: number(start.column),
            length: number(length).max(1),
        }
    }
}

/// Characters of an extent on its first line.
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

    /// What becomes of events, whatever the text.
    fn read(scan: Scan) -> Result<Value, String> {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "a.yaml".into());
        sources.set_text(file, "text".to_owned());
        let mut faults = Faults::default();
        match yaml::node("text", file, scan, &mut faults) {
            Some(node) => Ok(node.value),
            None => Err(faults.finish(&sources).to_string()),
        }
    }

    const HERE: Extent = Extent {
        start: Place { line: 1, column: 1 },
        end: Place { line: 1, column: 2 },
    };

    fn text() -> Event<'static> {
        Event::Scalar {
            text: "a".into(),
            plain: true,
            marks: Marks::default(),
        }
    }

    #[test]
    fn events_out_of_place_are_a_fault_and_no_value() {
        let scans: [Scan; 4] = [
            |_, tell| {
                let _ = tell(Event::ListEnd, HERE);
                Ok(())
            },
            |_, tell| {
                let _ = tell(Event::List(Marks::default()), HERE);
                Ok(())
            },
            |_, tell| {
                let _ = tell(Event::Map(Marks::default()), HERE);
                let _ = tell(text(), HERE);
                let _ = tell(Event::MapEnd, HERE);
                Ok(())
            },
            // Told to break off, and goes on.
            |_, tell| {
                let _ = tell(Event::MapEnd, HERE);
                let _ = tell(text(), HERE);
                Ok(())
            },
        ];
        for scan in scans {
            let faults = read(scan).expect_err("a fault");
            assert_eq!(faults.matches("error[").count(), 1, "{faults}");
            assert!(faults.contains("misplaced"), "{faults}");
        }
    }

    #[test]
    fn a_scanner_is_told_to_break_off_at_what_is_refused() {
        let faults = read(|_, tell| {
            let _ = tell(Event::Document, HERE);
            assert!(tell(text(), HERE).is_continue());
            assert!(tell(Event::Document, HERE).is_break());
            assert!(tell(text(), HERE).is_break());
            Ok(())
        });
        let faults = faults.expect_err("a fault");
        assert!(faults.contains("second document"), "{faults}");
    }
}
