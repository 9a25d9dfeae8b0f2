//! A booking service, twice: as it was under `tracing::instrument` ([`before`]), and under a contract ([`migrated`]).
//! `docs/migration.md` goes from one to the other. [`existing`] keeps its providers and its middleware, and adds
//! operations; `docs/existing-service.md` is about it. [`refunds`] has the less common forms of `docs/annotate.md`.

pub mod before;
pub mod existing;
pub mod migrated;
pub mod refunds;

/// A payment provider that declines large payments.
#[derive(Debug, Default)]
pub struct Payments;

impl Payments {
    /// Whether the payment is accepted.
    pub async fn accept(&self, seats: u8, headers: http::HeaderMap) -> bool {
        tokio::task::yield_now().await;
        tracing::debug!(header_count = headers.len(), "the payment was requested");
        seats < 7
    }
}
