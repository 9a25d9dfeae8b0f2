//! `personal_name`: an unprotected attribute whose name looks like personal data or a credential.

use super::entries::Entry;
use super::{Issue, Lint, Rule, example, words};
use crate::finding::Level;
use crate::words::privacy_class;
use otel_contract_model::{Attribute, Domain, Privacy, Type, semconv};

pub(super) const RULE: Rule = Rule {
    name: "personal_name",
    level: Level::Warn,
    summary: "a name that looks like personal data or a credential, but is recorded unprotected",
    why: "Telemetry is copied to many places and read by many people. The data of one person can rarely be deleted from it.",
    fix: "Set `privacy: personal` with a `protect`, or `privacy: secret` for values that must never be recorded. If the name is misleading, `allow` this lint.",
    bad: example!("personal_name", "bad"),
    good: example!("personal_name", "good"),
    check,
};

/// Words that identify a person.
const PERSONAL: &[&str] = &[
    "birthdate",
    "birthday",
    "dob",
    "email",
    "emails",
    "fax",
    "gender",
    "iban",
    "ip",
    "ipv4",
    "ipv6",
    "latitude",
    "longitude",
    "mail",
    "mobile",
    "msisdn",
    "nickname",
    "passport",
    "phone",
    "phones",
    "religion",
    "session",
    "ssn",
    "street",
    "surname",
    "telephone",
    "username",
];
/// Words for credentials.
const CREDENTIAL: &[&str] = &[
    "apikey",
    "authorization",
    "card",
    "cookie",
    "credential",
    "credentials",
    "cvc",
    "cvv",
    "jwt",
    "otp",
    "pan",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "pin",
    "pwd",
    "secret",
    "token",
];
/// Pairs of words that together name a credential.
const CREDENTIAL_WORD_PAIRS: &[[&str; 2]] = &[
    ["access", "key"],
    ["api", "key"],
    ["private", "key"],
    ["security", "code"],
    ["signing", "key"],
];
/// Words for persons. The name or address of a person is personal.
const PERSONS: &[&str] = &[
    "account_holder",
    "author",
    "billing",
    "cardholder",
    "client",
    "contact",
    "customer",
    "driver",
    "employee",
    "guest",
    "holder",
    "member",
    "passenger",
    "patient",
    "person",
    "recipient",
    "sender",
    "shipping",
    "student",
    "user",
];
/// First words of personal names: `first_name`.
const PARTS_OF_NAMES: &[&str] = &[
    "family", "first", "full", "given", "last", "maiden", "middle", "user",
];
/// First words of personal addresses.
const PARTS_OF_ADDRESSES: &[&str] = &[
    "billing", "delivery", "email", "home", "mail", "postal", "shipping", "street",
];
/// Words for machines. The address of a machine is not personal.
const MACHINES: &[&str] = &[
    "container",
    "host",
    "local",
    "network",
    "node",
    "peer",
    "pod",
    "server",
    "service",
];
/// Last words that make a name harmless: for example the domain of an address, or the brand of a card.
const HARMLESS: &[&str] = &[
    "brand", "count", "country", "domain", "enabled", "expiry", "format", "kind", "length",
    "limit", "method", "present", "provider", "scheme", "size", "state", "status", "total", "type",
    "valid", "verified", "version",
];
/// Last segments that do not describe the content. The segment before them is examined instead: `session` of
/// `session.id`, `card` of `card.number`.
const GENERIC_SEGMENTS: &[&str] = &[
    "full", "id", "key", "number", "original", "raw", "text", "value",
];

fn check(lint: &mut Lint<'_>) {
    for attribute in &lint.contract().attributes {
        let issue = if attribute.semconv {
            weakened(attribute)
        } else {
            unprotected_name(attribute).or_else(|| weakened(attribute))
        };
        if let Some(issue) = issue {
            lint.push(&Entry::from(attribute), issue);
        }
    }
}

/// Returns whether values are recorded unprotected.
fn is_recorded_unprotected(attribute: &Attribute) -> bool {
    matches!(attribute.privacy, Privacy::Public | Privacy::Internal)
}

/// Checks for a semantic-convention attribute whose privacy class is weaker than the bundled class.
fn weakened(attribute: &Attribute) -> Option<Issue> {
    let class = match semconv::find(&attribute.key)?.privacy {
        Privacy::Personal(_) => "personal",
        Privacy::Secret => "secret",
        Privacy::Public | Privacy::Internal => return None,
    };
    is_recorded_unprotected(attribute).then(|| Issue {
        message: format!("the bundled conventions classify `{}` as {class}, but it is recorded unprotected here", attribute.key),
        label: format!("{} here", privacy_class(attribute.privacy)),
        help: "keep the bundled `privacy`, or add `allow: [personal_name]` if its values identify no person".to_owned(),
        ..Issue::default()
    })
}

/// Checks the words of an attribute's own name.
fn unprotected_name(attribute: &Attribute) -> Option<Issue> {
    // Listed values, ranges and booleans cannot identify a person.
    let open = match &attribute.domain {
        Domain::Unbounded(value) => *value != Type::Boolean,
        Domain::Limited { .. } => true,
        _ => false,
    };
    if !open || !is_recorded_unprotected(attribute) {
        return None;
    }
    let (content, word, help) = match sensitivity(&attribute.key)? {
        Sensitive::Personal(word) => (
            "personal data",
            word,
            "set `privacy: personal` with `protect: hash` or `mask`, or add `allow: [personal_name]` if it is not personal",
        ),
        Sensitive::Credential(word) => (
            "a credential",
            word,
            "set `privacy: secret`, so that it is never recorded, or add `allow: [personal_name]` if it is not a credential",
        ),
    };
    Some(Issue {
        message: format!(
            "`{}` looks like {content}, but is {}",
            attribute.key,
            privacy_class(attribute.privacy)
        ),
        label: format!("`{word}` is recorded unprotected"),
        help: help.to_owned(),
        ..Issue::default()
    })
}

/// Sensitive content that a name suggests. Contains the words that suggest the content.
#[derive(Debug, PartialEq)]
pub(crate) enum Sensitive {
    /// Data that identifies a person.
    Personal(String),
    /// A password, key or token.
    Credential(String),
}

/// Returns the sensitive content that the words of a key suggest.
pub(crate) fn sensitivity(key: &str) -> Option<Sensitive> {
    let last = words::last(key);
    let parent = words::parent(key).unwrap_or_default();
    let of_machine = words::words(parent).any(|word| MACHINES.contains(&word));
    let segment = if GENERIC_SEGMENTS.contains(&last) {
        parent
    } else {
        last
    };
    let name_words: Vec<&str> = words::words(segment).collect();
    if name_words
        .last()
        .is_some_and(|word| HARMLESS.contains(word))
    {
        return None;
    }
    let pairs = CREDENTIAL_WORD_PAIRS.iter();
    let mut pairs = pairs.filter(|pair| name_words.windows(2).any(|two| two == pair.as_slice()));
    if let Some(pair) = pairs.next() {
        return Some(Sensitive::Credential(pair.join("_")));
    }
    let personal = name_words.iter().find(|word| PERSONAL.contains(word));
    if let Some(word) = personal
        && !(of_machine && word.starts_with("ip"))
    {
        return Some(Sensitive::Personal((*word).to_owned()));
    }
    if let Some(word) = name_words.iter().find(|word| CREDENTIAL.contains(word)) {
        return Some(Sensitive::Credential((*word).to_owned()));
    }
    let of_person = PERSONS.contains(&parent);
    match name_words.as_slice() {
        ["name" | "address"] if of_person => Some(Sensitive::Personal(format!("{parent}.{last}"))),
        [.., part, "name"] if PARTS_OF_NAMES.contains(part) || PERSONS.contains(part) => {
            Some(Sensitive::Personal(segment.to_owned()))
        }
        [.., part, "address"] if PARTS_OF_ADDRESSES.contains(part) || PERSONS.contains(part) => {
            Some(Sensitive::Personal(segment.to_owned()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_identify_a_person_look_personal() {
        for key in [
            "user.email",
            "customer.phone",
            "user.name",
            "billing.address",
            "client.ip",
            "payment.iban",
            "person.ssn",
            "session.id",
            "user.first_name",
            "user.email_address",
            "order.recipient_name",
            "client.address",
            "geo.latitude",
        ] {
            assert!(
                matches!(sensitivity(key), Some(Sensitive::Personal(_))),
                "{key}"
            );
        }
        for key in [
            "payment.card_number",
            "card.number",
            "auth.token",
            "http.api_key",
            "user.pin",
            "card.security_code",
            "tls.private_key",
            "login.passphrase",
        ] {
            assert!(
                matches!(sensitivity(key), Some(Sensitive::Credential(_))),
                "{key}"
            );
        }
    }

    #[test]
    fn names_of_machines_and_descriptions_are_harmless() {
        for key in [
            "queue.name",
            "service.name",
            "server.address",
            "host.ip",
            "email.domain",
            "payment.card_brand",
            "token.type",
            "session.count",
            "order.id",
            "gen.tokens",
            "http.session_state",
            "file.name",
        ] {
            assert_eq!(sensitivity(key), None, "{key}");
        }
    }
}
