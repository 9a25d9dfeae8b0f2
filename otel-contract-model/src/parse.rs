//! From files to what was written in them: follows the includes and joins the files to one `Spec`.

use std::collections::HashMap;

use crate::codes;
use crate::diagnostics::Faults;
use crate::read::{Entry, Field, Located, Map, Read as _, Reader};
use crate::source::{self, Source, Sources, Span};
use crate::spec::{Attribute, ErrorClass, Event, File, Group, Metric, Operation, Refinement};
use crate::yaml::{self, Value};

/// A contract as written, from all its files; each name once.
#[derive(Debug, Default)]
pub(crate) struct Spec {
    /// What only the root file says.
    pub(crate) root: File,
    /// Where the contract begins.
    pub(crate) at: Span,
    pub(crate) semconv: Vec<(Located<String>, Refinement)>,
    pub(crate) attributes: Vec<Entry<Attribute>>,
    pub(crate) groups: Vec<Entry<Group>>,
    pub(crate) errors: Vec<Entry<ErrorClass>>,
    pub(crate) operations: Vec<Entry<Operation>>,
    pub(crate) metrics: Vec<Entry<Metric>>,
    pub(crate) events: Vec<Entry<Event>>,
    /// Some file or section could not be read: names missing from it are no further fault.
    pub(crate) incomplete: bool,
}

/// Reads the root file and all it includes. `None`: the root could not be read.
pub(crate) fn spec(root: &Source, sources: &mut Sources, faults: &mut Faults) -> Option<Spec> {
    let file = sources.add(root);
    let at = Span::whole(file);
    let (mut root_file, first) = read(root, file, at, sources, faults)?;
    let mut files = Files {
        sources,
        faults,
        root: root.path().to_owned(),
        state: HashMap::new(),
    };
    files.state.insert(root.path().to_owned(), State::Open);
    let mut spec = Spec {
        at: root_file.contract.key.unwrap_or(first),
        ..Spec::default()
    };
    require_root_fields(&root_file, first, files.faults);
    files.join(root, &mut root_file, &mut spec);
    spec.root = root_file;
    Some(spec)
}

/// Reads one file; gives it with the place of its first entry.
fn read(
    source: &Source,
    file: u32,
    asked: Span,
    sources: &mut Sources,
    faults: &mut Faults,
) -> Option<(File, Span)> {
    let text = source.read(asked, faults)?;
    let node = yaml::node(&text, file, faults);
    sources.set_text(file, text);
    let node = node?;
    if let Value::Null = node.value {
        faults.push(codes::EMPTY_FILE.at(Span::whole(file)));
        return None;
    }
    File::read(&node, &mut Reader::new(faults)).map(|file| (file, node.span))
}

fn require_root_fields(root: &File, first: Span, faults: &mut Faults) {
    let owner = match root.contract.get() {
        Some(name) => format!("contract `{name}`"),
        None => "this file".to_owned(),
    };
    let at = root.contract.key.unwrap_or(first);
    let fields = [
        (
            root.contract.is_absent(),
            "contract",
            "`contract: name`, its name in `snake_case`",
        ),
        (
            root.version.is_absent(),
            "version",
            "`version: 0.1.0`, its version as SemVer",
        ),
        (
            root.brief.is_absent(),
            "brief",
            "`brief`: what the vocabulary is for, in one sentence",
        ),
    ];
    for (_, name, help) in fields.into_iter().filter(|(absent, ..)| *absent) {
        let fault = codes::MISSING_FIELD.at(at).with(&[&owner, &name]);
        faults.push(fault.help(format!("add {help}")));
    }
}

#[derive(PartialEq)]
enum State {
    /// Its includes are being read.
    Open,
    Done,
}

struct Files<'a> {
    sources: &'a mut Sources,
    faults: &'a mut Faults,
    root: String,
    state: HashMap<String, State>,
}

impl Files<'_> {
    /// Moves a file's sections to the spec, then those of the files it includes.
    fn join(&mut self, source: &Source, file: &mut File, spec: &mut Spec) {
        let mut sections = Sections {
            faults: self.faults,
            incomplete: false,
        };
        sections.join(&mut file.attributes, &mut spec.attributes, "attribute");
        sections.join(&mut file.groups, &mut spec.groups, "group");
        sections.join(&mut file.errors, &mut spec.errors, "error");
        sections.join(&mut file.operations, &mut spec.operations, "operation");
        sections.join(&mut file.metrics, &mut spec.metrics, "metric");
        sections.join(&mut file.events, &mut spec.events, "event");
        spec.incomplete |=
            sections.incomplete || file.semconv.is_faulty() || file.include.is_faulty();
        if let Some(takeovers) = file.semconv.get() {
            spec.semconv.extend(takeovers.0.iter().cloned());
        }
        for included in file.include.items() {
            self.include(source, included, spec);
        }
        self.state.insert(source.path().to_owned(), State::Done);
    }

    fn include(&mut self, from: &Source, included: &Located<String>, spec: &mut Spec) {
        let Located { span, value: path } = included;
        let Some(joined) = source::join(from.path(), path) else {
            self.faults
                .push(codes::INCLUDE_PATH.at(*span).with(&[path]));
            spec.incomplete = true;
            return;
        };
        match self.state.get(&joined) {
            Some(State::Open) => {
                self.faults
                    .push(codes::INCLUDE_CYCLE.at(*span).with(&[&joined]));
                return;
            }
            // Two files may share a third.
            Some(State::Done) => return,
            None => {}
        }
        self.state.insert(joined.clone(), State::Open);
        let source = from.included(&joined);
        let index = self.sources.add(&source);
        let Some((mut file, _)) = read(&source, index, *span, self.sources, self.faults) else {
            spec.incomplete = true;
            return;
        };
        for (name, key) in file.root_only() {
            self.faults
                .push(codes::ROOT_ONLY_FIELD.at(key).with(&[&name, &self.root]));
        }
        self.join(&source, &mut file, spec);
    }
}

struct Sections<'a> {
    faults: &'a mut Faults,
    incomplete: bool,
}

impl Sections<'_> {
    fn join<T>(&mut self, section: &mut Field<Map<T>>, all: &mut Vec<Entry<T>>, kind: &str) {
        self.incomplete |= section.is_faulty();
        let Some(Map(entries)) = section.take() else {
            return;
        };
        // Within one file a repeated name is a duplicate key; only other files are new here.
        let known: HashMap<String, Span> = all
            .iter()
            .map(|entry| (entry.name.value.clone(), entry.name.span))
            .collect();
        for entry in entries {
            match known.get(&entry.name.value) {
                Some(first) => self.faults.push(
                    codes::DUPLICATE_DEFINITION
                        .at(entry.name.span)
                        .with(&[&kind, &entry.name.value])
                        .related("first at", *first),
                ),
                None => all.push(entry),
            }
        }
    }
}
