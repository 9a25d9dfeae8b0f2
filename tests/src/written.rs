//! A writer whose bytes tests read, for subscribers of `tracing`.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// Writer that keeps the written bytes. Clones write to the same bytes.
#[derive(Clone, Debug, Default)]
pub struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// Returns the written text.
    ///
    /// # Panics
    ///
    /// If the bytes are not UTF-8.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(bytes.clone()).expect("fmt writes text")
    }

    /// Returns a function that makes writers, as `tracing_subscriber` expects.
    pub fn make_writer(&self) -> impl Fn() -> Self + Send + Sync + 'static {
        let written = self.clone();
        move || written.clone()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
