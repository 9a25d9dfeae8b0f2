//! What the macros add for editors.

use std::sync::OnceLock;

/// The module of a contract with the attributes by the segments of their keys, which only editors see.
pub const KEYS: &str = "__keys";

/// Returns whether an editor expands the macros: rust-analyzer does so in a process of its own. It completes, shows and
/// looks up only what the expansion names as a path, which a compiler would need time for.
#[must_use]
pub fn is_editor() -> bool {
    static IS_EDITOR: OnceLock<bool> = OnceLock::new();
    *IS_EDITOR.get_or_init(|| {
        let program = std::env::current_exe().unwrap_or_default();
        let name = program.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with("rust-analyzer")
    })
}
