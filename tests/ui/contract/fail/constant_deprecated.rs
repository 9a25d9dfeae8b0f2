//! A deprecated value, and a value of a deprecated attribute, warn where they are written as constants.

#![deny(deprecated)]

use test_vocabulary::forms::{OldKind, constant};

const FORMER: OldKind = constant!(OldKind, "former");

fn main() {
    assert_eq!(FORMER, constant!(OldKind, "former"));
    assert_eq!(constant!(OldKind, "current"), OldKind::Current);
}
