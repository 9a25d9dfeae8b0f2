//! Callsites of `tracing` that are created while the program runs.

use crate::definition::Severity;
use std::collections::HashMap;
use std::fmt;
use std::sync::{OnceLock, PoisonError, RwLock};
use tracing_core::callsite::{self, Callsite, Identifier};
use tracing_core::field::FieldSet;
use tracing_core::subscriber::Interest;
use tracing_core::{Kind, Level, Metadata};

/// Returns the level of `tracing` for a severity. `tracing` has no `fatal`.
pub(super) fn level(severity: Severity) -> Level {
    match severity {
        Severity::Trace => Level::TRACE,
        Severity::Debug => Level::DEBUG,
        Severity::Info => Level::INFO,
        Severity::Warn => Level::WARN,
        Severity::Error | Severity::Fatal => Level::ERROR,
    }
}

/// Callsite of one definition at one level, which `tracing` requires. It is created when the definition is first logged,
/// and never freed, because subscribers keep references to it.
pub(super) struct Site {
    metadata: OnceLock<Metadata<'static>>,
    description: SiteDescription,
    level: Level,
}

/// Static parts of a callsite.
#[derive(Debug)]
pub(super) struct SiteDescription {
    pub(super) name: &'static str,
    pub(super) target: &'static str,
    pub(super) fields: &'static [&'static str],
}

type Sites = HashMap<(usize, Level), &'static Site>;

impl Site {
    /// Returns the callsite of a definition at this level. `describe` is called once for each of them.
    pub(super) fn of<T>(
        definition: &'static T,
        level: Level,
        describe: impl FnOnce() -> SiteDescription,
    ) -> &'static Self {
        static SITES: RwLock<Option<Sites>> = RwLock::new(None);
        let key = (std::ptr::from_ref(definition).addr(), level);
        let readable = SITES.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(site) = readable.as_ref().and_then(|sites| sites.get(&key)) {
            return site;
        }
        drop(readable);
        let mut sites = SITES.write().unwrap_or_else(PoisonError::into_inner);
        let sites = sites.get_or_insert_default();
        sites.entry(key).or_insert_with(|| {
            Box::leak(Box::new(Self {
                metadata: OnceLock::new(),
                description: describe(),
                level,
            }))
        })
    }

    pub(super) fn metadata(&'static self) -> &'static Metadata<'static> {
        if let Some(metadata) = self.metadata.get() {
            return metadata;
        }
        let SiteDescription {
            name,
            target,
            fields,
        } = self.description;
        let fields = FieldSet::new(fields, Identifier(self));
        let new = Metadata::new(
            name,
            target,
            self.level,
            None,
            None,
            None,
            fields,
            Kind::EVENT,
        );
        let mut first = false;
        let metadata = self.metadata.get_or_init(|| {
            first = true;
            new
        });
        // Registration calls subscribers, so the table must not be locked here.
        if first {
            callsite::register(self);
        }
        metadata
    }
}

impl Callsite for Site {
    /// Does not cache the interest: subscribers are asked each time.
    fn set_interest(&self, _: Interest) {}

    fn metadata(&self) -> &Metadata<'_> {
        self.metadata
            .get()
            .expect("a site is registered after its metadata is set")
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Site").field(&self.description).finish()
    }
}
