//! Checks the structure of the crates: modules form layers, and no file or function is longer than its limit.
//!
//! Builds a graph for each folder of a crate. A node is a module of the folder with its submodules. An edge leads from a
//! node to another node that it imports, in `use` or by a path elsewhere. A cycle is an error.

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

/// Crates that generate code. Their files have a maximum length, because a reader compares them with the generated code.
const GENERATORS: &[&str] = &["otel-contract-compiler", "otel-contract-macros"];

const MAX_LINES_OF_GENERATOR_FILE: usize = 400;
const MAX_LINES_OF_FUNCTION: usize = 80;

/// Prints every finding. Returns whether there is none.
pub(crate) fn check(root: &Path) -> bool {
    let mut findings = Vec::new();
    for name in CRATES {
        let modules = Module::of_crate(&root.join(name).join("src"));
        findings.extend(import_cycles(name, &modules));
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
            "{} crates: modules form layers, no file or function is longer than its limit",
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
    /// Paths that the file mentions, relative to the root of the crate; without those in tests.
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
        if is_generator && self.lines > MAX_LINES_OF_GENERATOR_FILE {
            findings.push(format!(
                "{file} has {} lines, more than {MAX_LINES_OF_GENERATOR_FILE}",
                self.lines
            ));
        }
        let long = self
            .functions
            .iter()
            .filter(|(_, lines)| *lines > MAX_LINES_OF_FUNCTION);
        findings.extend(long.map(|(name, lines)| {
            format!("`{name}` in {file} has {lines} lines, more than {MAX_LINES_OF_FUNCTION}")
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
    /// Records a path that begins with `crate` or `super`, resolved from the root of the crate. Ignores other paths.
    fn record_path(&mut self, segments: &[String]) {
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

    fn record_tree(&mut self, before: &mut Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.record_tree(before, &path.tree);
                before.pop();
            }
            syn::UseTree::Group(group) => {
                for one in &group.items {
                    self.record_tree(before, one);
                }
            }
            syn::UseTree::Name(name) => self.record_name(before, &name.ident),
            syn::UseTree::Rename(rename) => self.record_name(before, &rename.ident),
            syn::UseTree::Glob(_) => self.record_path(before),
        }
    }

    fn record_name(&mut self, before: &mut Vec<String>, last: &syn::Ident) {
        before.push(last.to_string());
        self.record_path(before);
        before.pop();
    }

    /// Records the paths among the tokens of a macro call.
    fn record_tokens(&mut self, tokens: TokenStream) {
        let mut segments: Vec<String> = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => segments.push(ident.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == ':' => continue,
                TokenTree::Group(group) => {
                    self.record_tokens(group.stream());
                    continue;
                }
                _ => {}
            }
            if segments.len() > 1 {
                self.record_path(&segments);
            }
            if !segments
                .first()
                .is_some_and(|first| first == "crate" || first == "super")
            {
                segments.clear();
            }
        }
    }

    fn record_function(&mut self, name: &syn::Ident, block: &syn::Block) {
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
        self.record_tree(&mut Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if segments.len() > 1 {
            self.record_path(&segments);
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.record_tokens(call.tokens.clone());
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.record_function(&item.sig.ident, &item.block);
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.record_function(&item.sig.ident, &item.block);
        syn::visit::visit_impl_item_fn(self, item);
    }
}

/// For each node, the nodes that it imports, each with one file that contains the import.
type Edges = BTreeMap<String, BTreeMap<String, PathBuf>>;

/// Returns a finding for each cycle among the modules of a crate.
fn import_cycles(name: &str, modules: &[Module]) -> Vec<String> {
    let prefixes = |from: usize| {
        let all = modules.iter().map(move |module| (from, &module.path));
        all.flat_map(|(from, path)| (from..=path.len()).map(move |end| &path[..end]))
    };
    let folders: BTreeSet<&[String]> = prefixes(0).collect();
    let known: BTreeSet<&[String]> = prefixes(1).collect();
    let mut findings = Vec::new();
    for folder in folders {
        let edges = edges(folder, &known, modules);
        for cycle in cycles(&edges) {
            let mut finding = name.to_owned();
            for part in folder {
                finding.push_str("::");
                finding.push_str(part);
            }
            finding.push_str(": modules import each other");
            for from in &cycle {
                for (to, file) in edges[*from]
                    .iter()
                    .filter(|(to, _)| cycle.contains(&to.as_str()))
                {
                    let _ = write!(finding, "\n  {from} → {to} in {}", file.display());
                }
            }
            findings.push(finding);
        }
    }
    findings
}

/// Returns the edges between the modules of one folder.
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

/// Returns the cycles: each set of nodes that reach each other.
fn cycles(edges: &Edges) -> BTreeSet<Vec<&str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = edges
        .keys()
        .map(|node| (node.as_str(), reached(edges, node)))
        .collect();
    let mut cycles = BTreeSet::new();
    for (node, to) in &reach {
        if to.contains(node) {
            let cycle = to.iter().filter(|other| reach[**other].contains(node));
            cycles.insert(cycle.copied().collect());
        }
    }
    cycles
}

/// Returns the nodes reachable from `start`. Contains `start` itself only if `start` is on a cycle.
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
    use super::{Edges, cycles};
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
    fn layers_have_no_cycle() {
        assert!(cycles(&edges(&[("a", "b"), ("b", "c"), ("a", "c")])).is_empty());
    }

    #[test]
    fn a_cycle_is_found_whatever_its_length() {
        let edges = edges(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]);
        let found = cycles(&edges);
        assert_eq!(found, BTreeSet::from([vec!["a", "b", "c"]]));
    }
}
