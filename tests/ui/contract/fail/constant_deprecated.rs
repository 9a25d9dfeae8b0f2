//! Constants of deprecated values, and of deprecated attributes, cause a warning.

#![deny(deprecated)]

use test_vocabulary::forms::{OldKind, constant};

const FORMER: OldKind = constant!(OldKind, "former");

fn main() {
    assert_eq!(FORMER, constant!(OldKind, "former"));
    assert_eq!(constant!(OldKind, "current"), OldKind::Current);
}
