//! Reads the files of a contract, follows the includes, and joins the files into one `Spec`.

use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{HashMap, HashSet};

use crate::codes;
use crate::diagnostics::DiagContext;
use crate::files::{Sources, Span};
use crate::read::{Entry, Field, Located, Map, Read as _, Reader};
use crate::scan::Scan;
use crate::section::Section;
use crate::source::{self, Source};
use crate::spec::{Attribute, ErrorClass, Event, File, Group, Metric, Operation, Refinement};
use crate::yaml::{self, Value};

/// A contract as written in all its files, with each name once.
#[derive(Default)]
pub(crate) struct Spec {
    /// The fields of the root file.
    pub(crate) root: File,
    /// The location of `contract:`, or of the first entry if there is no `contract:`.
    pub(crate) at: Span,
    pub(crate) semconv: Vec<(Located<String>, Refinement)>,
    pub(crate) attributes: Vec<Entry<Attribute>>,
    pub(crate) groups: Vec<Entry<Group>>,
    pub(crate) errors: Vec<Entry<ErrorClass>>,
    pub(crate) operations: Vec<Entry<Operation>>,
    pub(crate) metrics: Vec<Entry<Metric>>,
    pub(crate) events: Vec<Entry<Event>>,
    pub(crate) missing: Missing,
}

/// Parts that could not be read. An unknown name may be declared there, so its error is suppressed.
#[derive(Clone, Default)]
pub(crate) struct Missing {
    /// Whether a whole file could not be read. The file may declare any name.
    pub(crate) anything: bool,
    /// Whole sections.
    pub(crate) sections: Vec<Section>,
    /// Attributes that could not be imported.
    pub(crate) keys: HashSet<String>,
    /// Prefixes of invalid templates.
    pub(crate) prefixes: Vec<String>,
}

impl Missing {
    /// Returns whether an unreadable part may have declared an entry of a section.
    pub(crate) fn may_declare_entry(&self, section: Section) -> bool {
        self.anything || self.sections.contains(&section)
    }

    /// Returns whether an unreadable part may have declared an attribute.
    pub(crate) fn may_declare_attribute(&self, key: &str) -> bool {
        self.may_declare_entry(Section::Attributes)
            || self.keys.contains(key)
            || self.prefixes.iter().any(|prefix| key.starts_with(prefix))
    }
}

/// Reads the root file and its includes. Returns `None` if the root file could not be read.
pub(crate) fn spec(
    root: &Source,
    scan: Scan,
    sources: &mut Sources,
    diagnostics: &mut DiagContext,
) -> Option<Spec> {
    let file = root.add_to(sources);
    let at = Span::whole(file);
    let (mut root_file, first) = read(root, scan, file, at, sources, diagnostics)?;
    let mut files = Files {
        scan,
        sources,
        diagnostics,
        root: root.path().to_owned(),
        state: HashMap::new(),
        first: First::default(),
    };
    files.state.insert(source::normal(root.path()), State::Open);
    let mut spec = Spec {
        at: root_file.contract.key.unwrap_or(first),
        ..Spec::default()
    };
    require_root_fields(&root_file, first, files.diagnostics);
    files.join(root, &mut root_file, &mut spec);
    spec.root = root_file;
    Some(spec)
}

/// Reads one file. Returns the file and the location of its first entry.
fn read(
    source: &Source,
    scan: Scan,
    file: u32,
    included_at: Span,
    sources: &mut Sources,
    diagnostics: &mut DiagContext,
) -> Option<(File, Span)> {
    let text = source.read(included_at, diagnostics)?;
    let node = yaml::node(&text, file, scan, diagnostics);
    sources.set_text(file, text);
    let node = node?;
    if let Value::Null = node.value {
        diagnostics.push(codes::EMPTY_FILE.at(Span::whole(file), []));
        return None;
    }
    File::read(&node, &mut Reader::new(diagnostics)).map(|file| (file, node.span))
}

fn require_root_fields(root: &File, first: Span, diagnostics: &mut DiagContext) {
    let owner = match root.contract.get() {
        Some(name) => format!("contract `{name}`"),
        None => "this file".to_owned(),
    };
    let at = root.contract.key.unwrap_or(first);
    let fields = [
        (
            root.contract.is_absent(),
            "contract",
            "`contract: name`, the name of the contract in `snake_case`",
        ),
        (
            root.version.is_absent(),
            "version",
            "`version: 0.1.0`, a SemVer version",
        ),
        (
            root.brief.is_absent(),
            "brief",
            "`brief`: purpose of the vocabulary, in one sentence",
        ),
    ];
    for (_, name, help) in fields.into_iter().filter(|(absent, ..)| *absent) {
        let diag = codes::MISSING_FIELD.at(at, [&owner, &name]);
        diagnostics.push(diag.help(format!("add {help}")));
    }
}

#[derive(PartialEq)]
enum State {
    /// The includes of the file are being read.
    Open,
    Done,
}

struct Files<'a> {
    scan: Scan,
    sources: &'a mut Sources,
    diagnostics: &'a mut DiagContext,
    root: String,
    /// The state of each file, by normalized path.
    state: HashMap<String, State>,
    first: First,
}

/// The first declaration of each name.
type First = HashMap<(Section, String), Span>;

impl Files<'_> {
    /// Moves the sections of a file to the spec, then the sections of its includes.
    fn join(&mut self, source: &Source, file: &mut File, spec: &mut Spec) {
        let mut sections = Sections {
            diagnostics: self.diagnostics,
            first: &mut self.first,
            missing: &mut spec.missing,
        };
        sections.join(
            &mut file.attributes,
            &mut spec.attributes,
            Section::Attributes,
        );
        sections.join(&mut file.groups, &mut spec.groups, Section::Groups);
        sections.join(&mut file.errors, &mut spec.errors, Section::Errors);
        sections.join(
            &mut file.operations,
            &mut spec.operations,
            Section::Operations,
        );
        sections.join(&mut file.metrics, &mut spec.metrics, Section::Metrics);
        sections.join(&mut file.events, &mut spec.events, Section::Events);
        if file.semconv.is_invalid() {
            spec.missing.sections.push(Section::Attributes);
        }
        spec.missing.anything |= file.include.has_errors();
        if let Some(imports) = file.semconv.get() {
            spec.semconv.extend(imports.0.iter().cloned());
        }
        for included in file.include.items() {
            self.include(source, included, spec);
        }
        self.state
            .insert(source::normal(source.path()), State::Done);
    }

    fn include(&mut self, from: &Source, included: &Located<String>, spec: &mut Spec) {
        let Located {
            span, value: path, ..
        } = included;
        let Some(joined) = source::join(from.path(), path) else {
            self.diagnostics.push(codes::INCLUDE_PATH.at(*span, [path]));
            spec.missing.anything = true;
            return;
        };
        match self.state.get(&joined) {
            Some(State::Open) => {
                self.diagnostics
                    .push(codes::INCLUDE_CYCLE.at(*span, [&joined]));
                return;
            }
            // Two files may include the same file.
            Some(State::Done) => return,
            None => {}
        }
        self.state.insert(joined.clone(), State::Open);
        let source = from.included(&joined);
        let index = source.add_to(self.sources);
        let Some((mut file, _)) = read(
            &source,
            self.scan,
            index,
            *span,
            self.sources,
            self.diagnostics,
        ) else {
            spec.missing.anything = true;
            // Report the file once, even if several files include it.
            self.state.insert(joined, State::Done);
            return;
        };
        for (name, key) in file.root_only() {
            self.diagnostics
                .push(codes::ROOT_ONLY_FIELD.at(key, [&name, &self.root]));
        }
        self.join(&source, &mut file, spec);
    }
}

struct Sections<'a> {
    diagnostics: &'a mut DiagContext,
    first: &'a mut First,
    missing: &'a mut Missing,
}

impl Sections<'_> {
    /// Moves the entries of a section.
    fn join<T>(&mut self, section: &mut Field<Map<T>>, all: &mut Vec<Entry<T>>, kind: Section) {
        if section.is_invalid() {
            self.missing.sections.push(kind);
        }
        let Some(Map(entries)) = section.take() else {
            return;
        };
        for entry in entries {
            let name = &entry.name;
            match self.first.entry((kind, name.value.clone())) {
                Occupied(first) => self.diagnostics.push(
                    codes::DUPLICATE_DEFINITION
                        .at(name.span, [&kind.entry(), &name.value])
                        .related("first occurrence at", *first.get()),
                ),
                Vacant(free) => {
                    free.insert(name.span);
                    all.push(entry);
                }
            }
        }
    }
}
