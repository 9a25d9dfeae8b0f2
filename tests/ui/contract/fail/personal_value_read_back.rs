//! A personal value cannot be read back.

use test_vocabulary::forms;

fn read_back(email: &forms::PersonEmail) -> &str {
    email.as_str()
}

fn main() {}
