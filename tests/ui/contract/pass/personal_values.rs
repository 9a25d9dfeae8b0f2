//! Personal values are protected when they are recorded, with and without a key.

use otel_contract::protect::set_key;
use test_vocabulary::forms::{PersonEmail, PersonIban, PersonName};

pub(crate) fn main() {
    let before = PersonEmail::new("ada@example.org");
    assert_eq!(before.protected(), "[redacted]");
    let error = set_key("short").unwrap_err();
    assert_eq!(error.to_string(), "the protection key has 5 bytes, at least 32 are needed");
    set_key(b"0123456789abcdef0123456789abcdef").unwrap();
    // The first 32 hex digits of the HMAC-SHA-256 under that key, computed independently.
    let email = PersonEmail::new("ada@example.org");
    assert_eq!(email.protected(), "bcfa6aa5642f6ffa0a359346b83770c4");
    assert_eq!(email, PersonEmail::from("ada@example.org".to_owned()));
    assert_ne!(email, PersonEmail::from("eve@example.org"));
    for shown in [format!("{email}"), format!("{email:?}"), format!("{before:?}")] {
        assert!(!shown.contains("ada"), "{shown}");
    }
    assert_eq!(PersonName::new("Ada").to_string(), "[redacted]");
    assert_eq!(PersonIban::new("DE02120300000000202051").to_string(), "***2051");
    assert_eq!(PersonIban::new("12345678").to_string(), "***");
    assert_eq!(PersonIban::new("äöüäöüäöü").to_string(), "***üäöü");
}
