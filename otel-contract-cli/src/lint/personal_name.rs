//! `personal_name`: a name that smells of a person, in the clear.

use super::entries::Entry;
use super::{Lint, Rule, Said, example, words};
use crate::finding::Level;
use otel_contract_model::{Attribute, Domain, Privacy, Type, semconv};

pub(super) const RULE: Rule = Rule {
    name: "personal_name",
    level: Level::Warn,
    summary: "a name that smells of personal data or of a credential, with a privacy class that records it in the clear",
    why: "Telemetry is copied to more places than any database, read by more people, and kept where nobody can delete one person's part of it.",
    fix: "Say `privacy: personal` with a `protect`, or `privacy: secret` for what must never be recorded; where the name misleads, `allow` this lint.",
    bad: example!("personal_name", "bad"),
    good: example!("personal_name", "good"),
    check,
};

/// Words for what tells who somebody is.
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
/// Words for what opens a door.
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
/// Two words for what opens a door, harmless apart.
const CREDENTIALS_OF_TWO: &[[&str; 2]] = &[
    ["access", "key"],
    ["api", "key"],
    ["private", "key"],
    ["security", "code"],
    ["signing", "key"],
];
/// Names and addresses are personal if they are those of a person.
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
/// First words of names that only people have.
const PARTS_OF_NAMES: &[&str] = &[
    "family", "first", "full", "given", "last", "maiden", "middle", "user",
];
/// First words of addresses where people live or can be reached.
const PARTS_OF_ADDRESSES: &[&str] = &[
    "billing", "delivery", "email", "home", "mail", "postal", "shipping", "street",
];
/// Machines have addresses that are nobody's.
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
/// Last words that make anything harmless: the domain of an address, the brand of a card.
const HARMLESS: &[&str] = &[
    "brand", "count", "country", "domain", "enabled", "expiry", "format", "kind", "length",
    "limit", "method", "present", "provider", "scheme", "size", "state", "status", "total", "type",
    "valid", "verified", "version",
];
/// Last segments that stand for what they belong to: `session.id`, `card.number`.
const ITSELF: &[&str] = &[
    "full", "id", "key", "number", "original", "raw", "text", "value",
];

fn check(lint: &mut Lint<'_>) {
    for attribute in &lint.contract().attributes {
        let said = if attribute.semconv {
            weakened(attribute)
        } else {
            smells(attribute).or_else(|| weakened(attribute))
        };
        if let Some(said) = said {
            lint.push(&Entry::from(attribute), said);
        }
    }
}

/// Recorded as it is.
fn is_in_the_clear(attribute: &Attribute) -> bool {
    matches!(attribute.privacy, Privacy::Public | Privacy::Internal)
}

/// What our class for a name of the semantic conventions protects, in the clear.
fn weakened(attribute: &Attribute) -> Option<Said> {
    let class = match semconv::find(&attribute.key)?.privacy {
        Privacy::Personal(_) => "personal",
        Privacy::Secret => "secret",
        Privacy::Public | Privacy::Internal => return None,
    };
    is_in_the_clear(attribute).then(|| Said {
        message: format!("`{}` is bundled as {class}, and recorded in the clear here", attribute.key),
        label: format!("{} here", word(attribute.privacy)),
        help: "leave `privacy` as bundled, or `allow: [personal_name]` if no value identifies a person".to_owned(),
        ..Said::default()
    })
}

/// A name of its own that smells of a person.
fn smells(attribute: &Attribute) -> Option<Said> {
    // What is listed, ranged or true is not what identifies.
    let open = match &attribute.domain {
        Domain::Unbounded(value) => *value != Type::Boolean,
        Domain::Limited { .. } => true,
        _ => false,
    };
    if !open || !is_in_the_clear(attribute) {
        return None;
    }
    let (smell, help) = match smell(&attribute.key)? {
        Smell::Personal(smell) => (
            smell,
            "say `privacy: personal` with `protect: hash` or `mask`, or `allow: [personal_name]` if it is none",
        ),
        Smell::Credential(smell) => (
            smell,
            "say `privacy: secret`, so that it can never be recorded, or `allow: [personal_name]` if it is none",
        ),
    };
    Some(Said {
        message: format!(
            "`{}` smells of personal data, and is {}",
            attribute.key,
            word(attribute.privacy)
        ),
        label: format!("`{smell}`, recorded in the clear"),
        help: help.to_owned(),
        ..Said::default()
    })
}

fn word(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Public => "public",
        Privacy::Internal => "internal",
        Privacy::Personal(_) => "personal",
        Privacy::Secret => "secret",
    }
}

/// What a name tells, with the words of it that do.
#[derive(Debug, PartialEq)]
pub(crate) enum Smell {
    /// It tells who somebody is.
    Personal(String),
    /// It opens a door.
    Credential(String),
}

/// What a key tells by its words; `None`: nothing that would have to be protected.
pub(crate) fn smell(key: &str) -> Option<Smell> {
    let last = words::last(key);
    let parent = words::parent(key).unwrap_or_default();
    let of_machine = words::words(parent).any(|word| MACHINES.contains(&word));
    let segment = if ITSELF.contains(&last) { parent } else { last };
    let spoken: Vec<&str> = words::words(segment).collect();
    if spoken.last().is_some_and(|word| HARMLESS.contains(word)) {
        return None;
    }
    let two = CREDENTIALS_OF_TWO.iter();
    let mut two = two.filter(|two| spoken.windows(2).any(|spoken| spoken == two.as_slice()));
    if let Some(two) = two.next() {
        return Some(Smell::Credential(two.join("_")));
    }
    let personal = spoken.iter().find(|word| PERSONAL.contains(word));
    if let Some(word) = personal
        && !(of_machine && word.starts_with("ip"))
    {
        return Some(Smell::Personal((*word).to_owned()));
    }
    if let Some(word) = spoken.iter().find(|word| CREDENTIAL.contains(word)) {
        return Some(Smell::Credential((*word).to_owned()));
    }
    let of_person = PERSONS.contains(&parent);
    match spoken.as_slice() {
        ["name" | "address"] if of_person => Some(Smell::Personal(format!("{parent}.{last}"))),
        [.., part, "name"] if PARTS_OF_NAMES.contains(part) || PERSONS.contains(part) => {
            Some(Smell::Personal(segment.to_owned()))
        }
        [.., part, "address"] if PARTS_OF_ADDRESSES.contains(part) || PERSONS.contains(part) => {
            Some(Smell::Personal(segment.to_owned()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_who_somebody_is_smells() {
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
            assert!(matches!(smell(key), Some(Smell::Personal(_))), "{key}");
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
            assert!(matches!(smell(key), Some(Smell::Credential(_))), "{key}");
        }
    }

    #[test]
    fn what_belongs_to_machines_and_what_only_describes_does_not() {
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
            assert_eq!(smell(key), None, "{key}");
        }
    }
}
