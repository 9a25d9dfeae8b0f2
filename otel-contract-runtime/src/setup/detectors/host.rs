//! The host: name, architecture and id.

use super::files::Files;
use crate::setup::environment::Environment;
use opentelemetry::KeyValue;
use std::env::consts::ARCH;

pub(super) fn detect(
    files: &Files,
    environment: &Environment,
    is_in_container: bool,
) -> impl Iterator<Item = KeyValue> {
    let name = files
        .read_word(&["/proc/sys/kernel/hostname", "/etc/hostname"])
        .or_else(|| environment.value("HOSTNAME"))
        .or_else(|| environment.value("COMPUTERNAME"))
        .map(|name| KeyValue::new("host.name", name));
    // In a container, the file is that of the image, or is missing.
    let id = (!is_in_container)
        .then(|| files.read_word(&["/etc/machine-id", "/var/lib/dbus/machine-id"]))
        .flatten()
        // systemd writes `uninitialized` before the first boot.
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .map(|id| KeyValue::new("host.id", id));
    let arch = KeyValue::new("host.arch", architecture(ARCH));
    [arch].into_iter().chain(name).chain(id)
}

/// Returns the value of the semantic conventions for an architecture of Rust.
pub(super) fn architecture(arch: &'static str) -> &'static str {
    match arch {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "arm" => "arm32",
        "powerpc" => "ppc32",
        "powerpc64" => "ppc64",
        other => other,
    }
}
