//! The logger provider for events. Empty without feature `logs`.

#[cfg(feature = "logs")]
use super::logger::{EventLogger, EventLoggerProvider};
#[cfg(feature = "logs")]
use crate::definition::ContractDefinition;

/// The installed logger provider, if any.
#[derive(Clone, Default)]
pub(crate) struct Logs {
    #[cfg(feature = "logs")]
    provider: Option<std::sync::Arc<dyn EventLoggerProvider>>,
}

/// The logger of one contract.
#[cfg(feature = "logs")]
#[derive(Default)]
pub(crate) struct ContractLogger {
    logger: Option<Box<dyn EventLogger>>,
}

impl Logs {
    /// Records events with this provider.
    #[cfg(feature = "logs")]
    pub(crate) fn to<P>(provider: P) -> Self
    where
        P: opentelemetry::logs::LoggerProvider + Send + Sync + 'static,
        P::Logger: Send + Sync + 'static,
    {
        Self {
            provider: Some(std::sync::Arc::new(provider)),
        }
    }

    /// Whether there is a provider.
    #[cfg(feature = "logs")]
    pub(super) fn has_provider(&self) -> bool {
        self.provider.is_some()
    }

    /// Creates the logger of a contract.
    #[cfg(feature = "logs")]
    pub(super) fn logger(&self, contract: &ContractDefinition) -> ContractLogger {
        let provider = self.provider.as_ref();
        ContractLogger {
            logger: provider.map(|provider| provider.logger(contract)),
        }
    }
}

#[cfg(feature = "logs")]
impl ContractLogger {
    /// Returns the logger if it is enabled for this event.
    pub(crate) fn if_enabled(
        &self,
        event: &crate::definition::EventDefinition,
    ) -> Option<&dyn EventLogger> {
        self.logger
            .as_deref()
            .filter(|logger| logger.is_enabled(event))
    }
}

impl std::fmt::Debug for Logs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Logs").finish_non_exhaustive()
    }
}

#[cfg(feature = "logs")]
impl std::fmt::Debug for ContractLogger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContractLogger").finish_non_exhaustive()
    }
}
