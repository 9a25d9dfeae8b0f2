//! Code scanning: a SARIF 2.1.0 log with one run.

use super::repository::Repository;
use crate::explain;
use crate::finding::{Finding, Report};
use crate::text::within;
use otel_contract_model::Location;
use otel_contract_model::text::visible;
use serde_json::{Map, Value, json};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Name of the root folder in SARIF.
const SOURCE_ROOT: &str = "%SRCROOT%";

/// Formats the report as a SARIF log.
pub(super) fn text(report: &Report) -> String {
    let repository = Repository::find();
    let mut rules: Vec<&'static str> = report
        .findings
        .iter()
        .map(|finding| finding.rule.id())
        .collect();
    rules.sort_unstable();
    rules.dedup();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| result(finding, &rules, report, &repository))
        .collect();
    let rules: Vec<Value> = rules.into_iter().map(rule).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-otel-contract",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { SOURCE_ROOT: {
                "description": { "text": "The root of the repository." },
            } },
            "invocations": [{ "executionSuccessful": !report.unreadable }],
            "results": results,
        }],
    });
    super::document(&log)
}

/// Describes a rule with the text of its `explain` page.
fn rule(id: &'static str) -> Value {
    let page = explain::page(id);
    let mut rule = Map::new();
    rule.insert("id".to_owned(), json!(id));
    if let Some(page) = page {
        rule.insert("shortDescription".to_owned(), json!({ "text": page.title }));
        rule.insert(
            "help".to_owned(),
            json!({ "text": page.text, "markdown": page.text }),
        );
        rule.insert(
            "defaultConfiguration".to_owned(),
            json!({ "level": page.level.word() }),
        );
    }
    Value::Object(rule)
}

fn result(finding: &Finding, rules: &[&str], report: &Report, repository: &Repository) -> Value {
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let message = plain(&message);
    let length = finding.place.length;
    let mut result = json!({
        "ruleId": finding.rule.id(),
        "level": finding.level.word(),
        "message": { "text": message },
        "locations": [{
            "physicalLocation": physical(&finding.place.at, length, repository),
        }],
    });
    if let Ok(index) = rules.binary_search(&finding.rule.id()) {
        result["ruleIndex"] = json!(index);
    }
    let related: Vec<Value> = finding
        .related
        .iter()
        .enumerate()
        .map(|(index, (phrase, there))| {
            json!({
                "id": index + 1,
                "message": { "text": plain(phrase) },
                "physicalLocation": physical(there, 1, repository),
            })
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if let Some(replacement) = &finding.replacement {
        let inserted = quoted_as_before(report.texts.line(&finding.place.at), finding);
        let place = physical(&finding.place.at, length, repository);
        result["fixes"] = json!([{
            "description": { "text": plain(&format!("write `{}`", replacement.to)) },
            "artifactChanges": [{
                "artifactLocation": place["artifactLocation"],
                "replacements": [{
                    "deletedRegion": place["region"],
                    "insertedContent": { "text": inserted },
                }],
            }],
        }]);
    }
    result
}

/// Escapes a message. In SARIF, `[text](1)` is a link and `{0}` is a placeholder.
///
/// Other characters are not escaped, because code hosts show the escapes literally.
fn plain(text: &str) -> String {
    let mut plain = visible(text);
    if plain.contains("](") {
        for special in ["\\", "[", "]"] {
            plain = plain.replace(special, &format!("\\{special}"));
        }
    }
    let is_argument = |part: &str| {
        let number = part.split('}').next().filter(|number| part != *number);
        number.is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    if plain.split('{').skip(1).any(is_argument) {
        plain = plain.replace('{', "{{").replace('}', "}}");
    }
    plain
}

/// Returns the replacement in the same quotes as the replaced word, because the replaced region includes the quotes.
fn quoted_as_before(line: &str, finding: &Finding) -> String {
    let place = &finding.place;
    let written = &line[within(line, place.at.column, place.length)];
    let Some(replacement) = &finding.replacement else {
        return written.to_owned();
    };
    let quote = written
        .chars()
        .next()
        .filter(|character| matches!(character, '"' | '\''));
    quote.map_or_else(
        || replacement.to.clone(),
        |quote| format!("{quote}{}{quote}", replacement.to),
    )
}

fn physical(at: &Location, length: u32, repository: &Repository) -> Value {
    let uri = uri(&repository.path(&at.file));
    let base = (!uri.starts_with('/') && !uri.starts_with("..")).then_some(SOURCE_ROOT);
    let mut artifact = json!({ "uri": uri });
    if let Some(base) = base {
        artifact["uriBaseId"] = json!(base);
    }
    let mut place = json!({ "artifactLocation": artifact });
    if at.line > 0 {
        place["region"] = json!({
            "startLine": at.line,
            "startColumn": at.column,
            "endLine": at.line,
            "endColumn": at.column + length,
        });
    }
    place
}

/// Returns a path as a URI reference.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::{plain, uri};

    #[test]
    fn contract_text_is_never_a_link_or_placeholder() {
        assert_eq!(plain("see [a\\b](1) and {x}"), r"see \[a\\b\](1) and {x}");
        assert_eq!(plain("values: [a, b] (two)"), "values: [a, b] (two)");
        assert_eq!(plain("`{0}` {x}"), "`{{0}}` {{x}}");
        assert_eq!(plain("{0"), "{0");
        assert_eq!(plain("\u{1b}[31m"), "\\u{1b}[31m");
    }

    #[test]
    fn paths_are_encoded_as_uris() {
        assert_eq!(uri("schema/my words.yaml"), "schema/my%20words.yaml");
        assert_eq!(uri("größe.yaml"), "gr%C3%B6%C3%9Fe.yaml");
    }
}
