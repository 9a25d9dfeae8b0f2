//! HTML of one entry.

use super::super::facts::{self, Target};
use super::escape::{breakable, prose, text};
use otel_contract_model::{Contract, Deprecated, LifeCycle, Location};
use std::fmt::Write as _;

/// A card with its content and search terms.
pub(super) struct Card<'a> {
    target: Target<'a>,
    chips: Vec<(&'static str, String)>,
    body: String,
    facts: Vec<(&'static str, String)>,
    /// Content after the facts.
    pub(super) tables: String,
    pub(super) search_terms: Vec<String>,
}

impl<'a> Card<'a> {
    pub(super) fn new(kind: &'static str, name: &'a str) -> Self {
        Self {
            target: Target::new(kind, name),
            chips: Vec::new(),
            body: String::new(),
            facts: Vec::new(),
            tables: String::new(),
            search_terms: vec![name.to_owned()],
        }
    }

    pub(super) fn chip(&mut self, class: &'static str, word: impl Into<String>) {
        self.chips.push((class, word.into()));
    }

    /// Adds deprecation, brief and note.
    pub(super) fn description(
        &mut self,
        brief: &str,
        note: Option<&str>,
        deprecated: Option<&Deprecated>,
    ) {
        if let Some(deprecated) = deprecated {
            let sentence = prose(&facts::deprecated(deprecated));
            let _ = writeln!(self.body, "<p class=\"deprecated\">{sentence}</p>");
            self.chip("deprecated", "deprecated");
        }
        for sentence in [Some(brief), note].into_iter().flatten() {
            if !sentence.trim().is_empty() {
                let _ = writeln!(self.body, "<p>{}</p>", prose(sentence.trim()));
                self.search_terms.push(sentence.to_owned());
            }
        }
    }

    /// Adds a fact; `html` must be escaped.
    pub(super) fn fact(&mut self, word: &'static str, html: String) {
        self.facts.push((word, html));
    }

    pub(super) fn life(&mut self, contract: &Contract, life_cycle: &LifeCycle, at: &Location) {
        for (word, sentence) in facts::life(contract, life_cycle) {
            self.search_terms.push(sentence.clone());
            self.fact(word, prose(&sentence));
        }
        self.fact(
            "Declared",
            format!("<code>{}</code>", text(&at.to_string())),
        );
    }

    pub(super) fn finish(self, contract: &Contract) -> String {
        let anchor = text(&self.target.anchor(contract));
        let kind = self.target.kind;
        let name = text(self.target.name);
        let chips: Vec<String> = self
            .chips
            .iter()
            .map(|(class, word)| format!(" <span class=\"chip {class}\">{}</span>", text(word)))
            .collect();
        let rows: Vec<String> = self
            .facts
            .iter()
            .map(|(word, sentence)| format!("<div><dt>{word}</dt><dd>{sentence}</dd></div>\n"))
            .collect();
        let search_terms = text(&self.search_terms.join(" ").to_lowercase());
        let shown = breakable(self.target.name);
        format!(
            "<article class=\"entry {kind}\" id=\"{anchor}\" data-words=\"{search_terms}\">\n<h3><code>{shown}</code> <a class=\"anchor\" href=\"#{anchor}\" aria-label=\"link to {kind} {name}\">#</a></h3>\n<p class=\"chips\">{}</p>\n{}<dl>\n{}</dl>\n{}</article>\n",
            chips.concat().trim_start(),
            self.body,
            rows.concat(),
            self.tables
        )
    }
}

/// Formats names as code.
pub(super) fn codes(names: &[String]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("<code>{}</code>", breakable(name)))
        .collect();
    names.join(", ")
}

/// Formats a table of escaped cells; the first cell of a row is its header.
pub(super) fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut html = String::from("<table>\n<thead><tr>");
    for head in heads {
        let _ = write!(html, "<th scope=\"col\">{head}</th>");
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        html.push_str("<tr>");
        for (index, cell) in row.iter().enumerate() {
            if index == 0 {
                let _ = write!(html, "<th scope=\"row\">{cell}</th>");
            } else {
                let _ = write!(html, "<td>{cell}</td>");
            }
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n");
    html
}
