//! A personal value cannot be read back.

use test_vocabulary::forms;

fn clear(email: &forms::PersonEmail) -> &str {
    email.as_str()
}

fn main() {}
