//! `near_duplicate`: two attributes that may mean the same.

use super::entries::{self, Entry};
use super::{Issue, Lint, Rule, example, words};
use crate::finding::Level;
use otel_contract_model::{Attribute, Domain, Type};
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "near_duplicate",
    level: Level::Warn,
    summary: "two attributes that may mean the same: synonyms, one letter apart, or equal values",
    why: "If some services record `tenant.id` and others `account.id`, no query finds both.",
    fix: "Keep one, and list the other in its `instead_of`. If they differ in meaning, `allow` this lint and explain the difference in the briefs.",
    bad: example!("near_duplicate", "bad"),
    good: example!("near_duplicate", "good"),
    check,
};

/// Rows of synonyms. The first word of each row represents the others.
const SYNONYMS: &[&[&str]] = &[
    &[
        "account",
        "customer",
        "org",
        "organisation",
        "organization",
        "tenant",
    ],
    &["basket", "cart"],
    &["category", "kind", "type"],
    &["currency", "ccy"],
    &["duration", "elapsed", "latency"],
    &["env", "environment"],
    &["id", "identifier", "uuid"],
    &["invoice", "bill"],
    &["job", "task"],
    &["order", "purchase"],
    &["state", "status"],
    &["user", "member", "person"],
];
/// Minimum number of equal values. Unrelated attributes often share small sets, such as `low` and `high`.
const MIN_SHARED: usize = 3;
/// Minimum length of a word for typo detection. Shorter words often differ by only one letter.
const MIN_LENGTH: usize = 5;

fn check(lint: &mut Lint<'_>) {
    let mut seen = Seen::default();
    for attribute in entries::attributes(lint.contract()) {
        if attribute.semconv
            || attribute.template.is_some()
            || attribute.life_cycle.deprecated.is_some()
        {
            continue;
        }
        let Some((other, why)) = seen.find_similar(attribute) else {
            continue;
        };
        let issue = Issue {
            message: format!(
                "`{}` and `{}` may mean the same: {why}",
                attribute.key, other.key
            ),
            label: format!("like `{}`", other.key),
            help: format!(
                "keep one and list the other in its `instead_of`, or add `allow: [{}]`",
                RULE.name
            ),
            related: vec![(format!("`{}` at", other.key), other.at.clone())],
            at: None,
        };
        lint.push_unless_any_allows(&[&Entry::from(attribute), &Entry::from(other)], issue);
    }
}

/// The attributes checked so far, indexed by similarity. Each lookup takes constant time, so ten thousand attributes
/// are checked in linear time.
#[derive(Default)]
struct Seen<'a> {
    /// Attributes by type and words. Synonyms are replaced.
    meanings: HashMap<(Option<Kind>, String), &'a Attribute>,
    /// Attributes by the hashes of their key with one letter removed. If hashes are equal, the keys are compared letter
    /// by letter.
    by_typo: HashMap<u64, Vec<&'a Attribute>>,
    values: HashMap<Vec<&'a str>, &'a Attribute>,
}

/// Type of an attribute, usable as a key.
type Kind = std::mem::Discriminant<Type>;

impl<'a> Seen<'a> {
    /// Returns a similar attribute with the reason, and adds this attribute.
    fn find_similar(&mut self, attribute: &'a Attribute) -> Option<(&'a Attribute, &'static str)> {
        let kind = attribute.value_type();
        let key = (
            kind.map(|kind| std::mem::discriminant(&kind)),
            meaning(&attribute.key),
        );
        let same_meaning = *self.meanings.entry(key).or_insert(attribute);
        let typo = self.typo(attribute);
        let shared = comparable_values(attribute)
            .map(|values| *self.values.entry(values).or_insert(attribute));
        let other = |candidate: &&'a Attribute| candidate.key != attribute.key;
        let synonym = Some(same_meaning)
            .filter(other)
            .map(|attribute| (attribute, "their words are synonyms"));
        let mistyped = typo.map(|attribute| (attribute, "their names differ by one letter"));
        // Attributes with the same last segment often share values: `job.result`, `run.result`.
        let same_last_segment =
            |candidate: &&'a Attribute| words::last(&candidate.key) == words::last(&attribute.key);
        let same_values = shared
            .filter(|candidate| other(candidate) && !same_last_segment(candidate))
            .map(|attribute| (attribute, "they have the same values"));
        synonym.or(mistyped).or(same_values)
    }

    fn typo(&mut self, attribute: &'a Attribute) -> Option<&'a Attribute> {
        let key = attribute.key.as_str();
        let mut nearest = None;
        let letters = key.char_indices();
        let shorter = letters.map(|(at, letter)| hash(&key[..at], &key[at + letter.len_utf8()..]));
        for form_hash in shorter.chain([hash(key, "")]) {
            let known = self.by_typo.entry(form_hash).or_default();
            let similar = known.iter().find(|candidate| {
                candidate.value_type() == attribute.value_type() && is_typo(&candidate.key, key)
            });
            nearest = nearest.or(similar.copied());
            // A few candidates per hash are enough.
            let is_new = known.last().is_none_or(|last| last.key != attribute.key);
            if known.len() < 8 && is_new {
                known.push(attribute);
            }
        }
        nearest
    }
}

/// Returns the FNV-1a hash of two concatenated texts.
fn hash(before: &str, after: &str) -> u64 {
    let bytes = before.bytes().chain(after.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Returns whether two keys differ only in one segment, by one letter of a long word. Digits must be equal.
fn is_typo(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split('.').collect(), b.split('.').collect());
    if a.len() != b.len() {
        return false;
    }
    let mut differing = a.iter().zip(&b).filter(|(a, b)| a != b);
    let (Some((a, b)), None) = (differing.next(), differing.next()) else {
        return false;
    };
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    a.len().min(b.len()) >= MIN_LENGTH && digits(a) == digits(b) && one_edit(a, b)
}

/// Returns whether two words are one edit apart.
fn one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([_, rest_a @ ..], [_, rest_b @ ..]) if rest_a == rest_b => true,
        // Two adjacent letters are swapped.
        ([a, b, rest_a @ ..], [c, d, rest_b @ ..]) if (a, b, rest_a) == (d, c, rest_b) => true,
        ([_, rest @ ..], _) if rest == b => true,
        (_, [_, rest @ ..]) if rest == a => true,
        _ => false,
    }
}

/// Returns a key in singular words, with synonyms replaced.
fn meaning(key: &str) -> String {
    let words = words::words(key).map(|word| {
        let word = words::singular(word);
        let row = SYNONYMS.iter().find(|row| row.contains(&word.as_str()));
        row.map_or(word, |row| row[0].to_owned())
    });
    words.collect::<Vec<_>>().join(".")
}

/// Returns the listed strings, if there are enough to compare.
fn comparable_values(attribute: &Attribute) -> Option<Vec<&str>> {
    let Domain::Strings { values, .. } = &attribute.domain else {
        return None;
    };
    let mut values: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
    values.sort_unstable();
    (values.len() >= MIN_SHARED).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_of_a_long_word_is_a_typo() {
        assert!(is_typo("order.channel", "order.chanel"));
        assert!(is_typo("order.channel", "order.chanenl"));
        assert!(is_typo("order.color", "order.colour"));
        for (a, b) in [
            ("host.id", "host.ip"),
            ("region.zone1", "region.zone2"),
            ("order.amount", "refund.amount"),
            ("a.count.x", "a.count"),
        ] {
            assert!(!is_typo(a, b), "{a} {b}");
        }
    }

    #[test]
    fn synonyms_have_the_same_meaning() {
        assert_eq!(meaning("tenant.id"), meaning("customer.uuid"));
        assert_eq!(meaning("orders.status"), meaning("purchase.state"));
        assert_ne!(meaning("order.id"), meaning("invoice.id"));
    }
}
