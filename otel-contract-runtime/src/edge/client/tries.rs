//! The number of tries of a request, which a retry layer sends several times.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Counter of the tries of a request, as an extension of the request. Clones share the count, so that it survives a
/// retry layer, which sends clones of the request.
///
/// A client layer with [`each`](super::ClientLayer::each) counts each request that has this extension, and records the
/// number of earlier tries as `http.request.resend_count` and `retry.attempt`. [`CountTries`](super::CountTries) adds the
/// extension to every request.
#[derive(Clone, Debug, Default)]
pub struct Tries(Arc<AtomicU32>);

impl Tries {
    /// Creates a counter for a request that has not been sent.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a try. Returns the number of earlier tries.
    pub(crate) fn count(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}
