//! The operating system.

use super::files::Files;
use opentelemetry::KeyValue;
use std::env::consts::OS;

pub(super) fn detect(files: &Files) -> impl Iterator<Item = KeyValue> {
    let release = ["/etc/os-release", "/usr/lib/os-release"]
        .iter()
        .find_map(|path| files.read(path))
        .unwrap_or_default();
    let named = [
        ("os.description", "PRETTY_NAME"),
        ("os.name", "NAME"),
        ("os.version", "VERSION_ID"),
    ];
    let attributes = named.map(|(key, name)| Some(KeyValue::new(key, field(&release, name)?)));
    let os_type = KeyValue::new("os.type", os_type(OS));
    [os_type]
        .into_iter()
        .chain(attributes.into_iter().flatten())
}

/// Returns the value of the semantic conventions for an operating system of Rust.
pub(super) fn os_type(os: &'static str) -> &'static str {
    match os {
        "macos" => "darwin",
        "dragonfly" => "dragonflybsd",
        other => other,
    }
}

/// Returns the value of a field of `os-release`, whose syntax is that of assignments of a shell.
fn field(release: &str, name: &str) -> Option<String> {
    let assignment = |line: &str| {
        let value = line.trim().strip_prefix(name)?.strip_prefix('=')?;
        Some(unquoted(value))
    };
    // As in a shell, the last assignment counts.
    let value = release.lines().filter_map(assignment).next_back()?;
    (!value.is_empty()).then_some(value)
}

/// Removes the quotes and the backslashes of a shell.
fn unquoted(value: &str) -> String {
    let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(literal) = quoted('\'') {
        return literal.to_owned();
    }
    let mut plain = String::new();
    let mut characters = quoted('"').unwrap_or(value).chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            character => plain.push(character),
        }
    }
    plain
}
