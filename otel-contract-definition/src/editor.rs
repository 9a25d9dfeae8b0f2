//! What the macros add for editors.

use std::sync::OnceLock;

/// The hidden module that contains one path per attribute key, with a module per segment. It is generated for editors
/// only.
pub const KEYS: &str = "__keys";

/// Returns whether an editor expands the macros: rust-analyzer does so in a process of its own. rust-analyzer completes
/// and resolves only names that the expansion contains as paths. These paths cost compile time, so they are generated
/// for editors only.
#[must_use]
pub fn is_editor() -> bool {
    static IS_EDITOR: OnceLock<bool> = OnceLock::new();
    *IS_EDITOR.get_or_init(|| {
        let program = std::env::current_exe().unwrap_or_default();
        let name = program.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with("rust-analyzer")
    })
}
