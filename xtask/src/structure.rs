//! Checks the structure of the crates: modules form layers, and files and functions stay readable.
//!
//! In every folder of a crate the modules beside each other are nodes, and a path of one into another is an edge. A
//! ring of edges is an error. A module and the modules inside of it are one node, seen from outside.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::Visit;

/// Crates whose modules form layers.
const CRATES: &[&str] = &[
    "otel-contract-cli",
    "otel-contract-compiler",
    "otel-contract-definition",
    "otel-contract-macros",
    "otel-contract-model",
    "otel-contract-runtime",
    "otel-contract-yaml",
];

/// Crates that generate code: a generator is read beside what it writes.
const GENERATORS: &[&str] = &["otel-contract-compiler", "otel-contract-macros"];

const LONGEST_GENERATOR: usize = 400;
const LONGEST_FUNCTION: usize = 80;

/// Prints every finding. Returns whether there is none.
pub(crate) fn check(root: &Path) -> bool {
    let mut findings = Vec::new();
    for name in CRATES {
        let modules = Module::of_crate(&root.join(name).join("src"));
        findings.extend(rings(name, &modules));
        let is_generator = GENERATORS.contains(name);
        findings.extend(
            modules
                .iter()
                .flat_map(|module| module.too_long(is_generator)),
        );
    }
    for finding in &findings {
        eprintln!("error: {finding}");
    }
    if findings.is_empty() {
        println!(
            "{} crates: modules form layers, files and functions stay readable",
            CRATES.len()
        );
    }
    findings.is_empty()
}

/// One file of a crate.
struct Module {
    file: PathBuf,
    /// `["telemetry", "series"]`; the root of the crate has none.
    path: Vec<String>,
    /// Paths from the root of the crate that the file names, tests left out.
    used: BTreeSet<Vec<String>>,
    lines: usize,
    functions: Vec<(String, usize)>,
}

impl Module {
    /// Every file of a crate, apart from tests.
    fn of_crate(source: &Path) -> Vec<Self> {
        let mut modules = Vec::new();
        let mut folders = vec![source.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let file = entry.path();
                let name = file
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                if name.ends_with("tests") || name == "expansions" || name == "never_panics" {
                    continue;
                }
                if file.is_dir() {
                    folders.push(file);
                } else if file.extension().is_some_and(|its| its == "rs") {
                    modules.extend(Self::read(source, file));
                }
            }
        }
        modules.sort_by(|one, other| one.path.cmp(&other.path));
        modules
    }

    fn read(source: &Path, file: PathBuf) -> Option<Self> {
        let text = fs::read_to_string(&file).ok()?;
        let parsed = syn::parse_file(&text).ok()?;
        let path = file.strip_prefix(source).ok()?.with_extension("");
        let parts = path
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned());
        let mut path: Vec<String> = parts.collect();
        if path
            .last()
            .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
        {
            path.pop();
        }
        let mut reader = Reader {
            path: &path,
            used: BTreeSet::new(),
            functions: Vec::new(),
        };
        reader.visit_file(&parsed);
        let Reader {
            used, functions, ..
        } = reader;
        let before_tests = text
            .split("\n#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        Some(Self {
            file,
            used,
            functions,
            lines: before_tests.lines().count(),
            path,
        })
    }

    fn too_long(&self, is_generator: bool) -> Vec<String> {
        let file = self.file.display();
        let mut findings = Vec::new();
        if is_generator && self.lines > LONGEST_GENERATOR {
            findings.push(format!(
                "{file} has {} lines, more than {LONGEST_GENERATOR}",
                self.lines
            ));
        }
        let long = self
            .functions
            .iter()
            .filter(|(_, lines)| *lines > LONGEST_FUNCTION);
        findings.extend(long.map(|(name, lines)| {
            format!("`{name}` in {file} has {lines} lines, more than {LONGEST_FUNCTION}")
        }));
        findings
    }
}

/// Collects the paths and the functions of a file.
struct Reader<'a> {
    path: &'a [String],
    used: BTreeSet<Vec<String>>,
    functions: Vec<(String, usize)>,
}

impl Reader<'_> {
    /// A path of tokens, from the root of the crate, if it begins with `crate` or `super`.
    fn note(&mut self, segments: &[String]) {
        let mut base = self.path.to_vec();
        let rest = match segments.first().map(String::as_str) {
            Some("crate") => {
                base.clear();
                &segments[1..]
            }
            Some("super") => {
                let levels = segments
                    .iter()
                    .take_while(|segment| *segment == "super")
                    .count();
                base.truncate(base.len().saturating_sub(levels));
                &segments[levels..]
            }
            _ => return,
        };
        base.extend(rest.iter().cloned());
        self.used.insert(base);
    }

    fn note_tree(&mut self, before: &mut Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.note_tree(before, &path.tree);
                before.pop();
            }
            syn::UseTree::Group(group) => {
                for one in &group.items {
                    self.note_tree(before, one);
                }
            }
            syn::UseTree::Name(name) => self.note_last(before, &name.ident),
            syn::UseTree::Rename(rename) => self.note_last(before, &rename.ident),
            syn::UseTree::Glob(_) => self.note(before),
        }
    }

    fn note_last(&mut self, before: &mut Vec<String>, last: &syn::Ident) {
        before.push(last.to_string());
        self.note(before);
        before.pop();
    }

    /// Paths among the tokens of a macro call.
    fn note_tokens(&mut self, tokens: TokenStream) {
        let mut segments: Vec<String> = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => segments.push(ident.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == ':' => continue,
                TokenTree::Group(group) => {
                    self.note_tokens(group.stream());
                    continue;
                }
                _ => {}
            }
            if segments.len() > 1 {
                self.note(&segments);
            }
            if !segments
                .first()
                .is_some_and(|first| first == "crate" || first == "super")
            {
                segments.clear();
            }
        }
    }

    fn note_function(&mut self, name: &syn::Ident, block: &syn::Block) {
        let braces = block.brace_token.span;
        let lines = braces.close().end().line - braces.open().start().line + 1;
        self.functions.push((name.to_string(), lines));
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !item.ident.to_string().ends_with("tests") {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.note_tree(&mut Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if segments.len() > 1 {
            self.note(&segments);
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.note_tokens(call.tokens.clone());
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.note_function(&item.sig.ident, &item.block);
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.note_function(&item.sig.ident, &item.block);
        syn::visit::visit_impl_item_fn(self, item);
    }
}

/// Which node imports which, with a file that does.
type Edges = BTreeMap<String, BTreeMap<String, PathBuf>>;

/// The rings among the modules of a crate, folder by folder.
fn rings(name: &str, modules: &[Module]) -> Vec<String> {
    let prefixes = |from: usize| {
        let all = modules.iter().map(move |module| (from, &module.path));
        all.flat_map(|(from, path)| (from..=path.len()).map(move |end| &path[..end]))
    };
    let folders: BTreeSet<&[String]> = prefixes(0).collect();
    let known: BTreeSet<&[String]> = prefixes(1).collect();
    let mut findings = Vec::new();
    for folder in folders {
        let edges = edges(folder, &known, modules);
        for ring in components(&edges) {
            let mut finding = name.to_owned();
            for part in folder {
                finding.push_str("::");
                finding.push_str(part);
            }
            finding.push_str(": modules import each other");
            for from in &ring {
                for (to, file) in edges[*from]
                    .iter()
                    .filter(|(to, _)| ring.contains(&to.as_str()))
                {
                    let _ = write!(finding, "\n  {from} → {to} in {}", file.display());
                }
            }
            findings.push(finding);
        }
    }
    findings
}

/// The edges between the modules of one folder.
fn edges(folder: &[String], known: &BTreeSet<&[String]>, modules: &[Module]) -> Edges {
    let child = |path: &[String]| {
        let inside = path.len() > folder.len() && path.starts_with(folder);
        let child = inside.then(|| &path[..=folder.len()])?;
        known.contains(child).then(|| child[folder.len()].clone())
    };
    let mut edges = Edges::new();
    for module in modules {
        let Some(from) = child(&module.path) else {
            continue;
        };
        for to in module.used.iter().filter_map(|path| child(path)) {
            edges.entry(to.clone()).or_default();
            if to != from {
                let of_node = edges.entry(from.clone()).or_default();
                of_node.entry(to).or_insert_with(|| module.file.clone());
            }
        }
    }
    edges
}

/// The sets of nodes that reach each other.
fn components(edges: &Edges) -> BTreeSet<Vec<&str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = edges
        .keys()
        .map(|node| (node.as_str(), reached(edges, node)))
        .collect();
    let mut rings = BTreeSet::new();
    for (node, to) in &reach {
        if to.contains(node) {
            let ring = to.iter().filter(|other| reach[**other].contains(node));
            rings.insert(ring.copied().collect());
        }
    }
    rings
}

/// The nodes that can be reached from one, which is among them if it is part of a ring.
fn reached<'a>(edges: &'a Edges, start: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![start];
    while let Some(node) = next.pop() {
        let to = edges.get(node).into_iter().flat_map(BTreeMap::keys);
        next.extend(to.map(String::as_str).filter(|to| reached.insert(*to)));
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::{Edges, components};
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    fn edges(list: &[(&str, &str)]) -> Edges {
        let mut edges = Edges::new();
        for (from, to) in list {
            let of_node = edges.entry((*from).to_owned()).or_default();
            of_node.insert((*to).to_owned(), PathBuf::new());
            edges.entry((*to).to_owned()).or_default();
        }
        edges
    }

    #[test]
    fn layers_have_no_ring() {
        assert!(components(&edges(&[("a", "b"), ("b", "c"), ("a", "c")])).is_empty());
    }

    #[test]
    fn a_ring_is_found_whatever_its_length() {
        let edges = edges(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]);
        let found = components(&edges);
        assert_eq!(found, BTreeSet::from([vec!["a", "b", "c"]]));
    }
}
