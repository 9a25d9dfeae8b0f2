//! Where events go: a logger provider, where there is one and feature `logs`.

#[cfg(feature = "logs")]
use super::logger::{EventLogger, Loggers};
#[cfg(feature = "logs")]
use crate::definition::ContractDefinition;

/// The logger provider that is installed.
#[derive(Clone, Default)]
pub(crate) struct Logs {
    #[cfg(feature = "logs")]
    provider: Option<std::sync::Arc<dyn Loggers>>,
}

/// The logger of one contract.
#[cfg(feature = "logs")]
#[derive(Default)]
pub(crate) struct ContractLogger {
    logger: Option<Box<dyn EventLogger>>,
}

impl Logs {
    /// To this provider.
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
    pub(super) fn is_given(&self) -> bool {
        self.provider.is_some()
    }

    #[cfg(feature = "logs")]
    pub(super) fn of(&self, contract: &ContractDefinition) -> ContractLogger {
        ContractLogger {
            logger: self.provider.as_ref().map(|it| it.logger(contract)),
        }
    }
}

#[cfg(feature = "logs")]
impl ContractLogger {
    /// The logger, if it takes this event.
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
