//! Emits failed operations as events of `tracing`.

use crate::definition::{OperationDefinition, Severity};
use crate::local;
use crate::outcome::Failure;
use opentelemetry::Context;
use std::collections::HashMap;
use std::fmt;
use std::sync::{OnceLock, PoisonError, RwLock};
use tracing_core::callsite::{self, Callsite, Identifier};
use tracing_core::field::{FieldSet, Value};
use tracing_core::subscriber::Interest;
use tracing_core::{Event, Kind, Level, LevelFilter, Metadata, dispatcher};

const FIELDS: &[&str] = &["message", "error.type", "error.message"];

/// Emits the event of a failed operation, in the context of the operation.
pub(crate) fn log_failure(
    operation: &'static OperationDefinition,
    failure: &Failure,
    context: Option<&Context>,
) {
    let level = level(failure.severity);
    if level > LevelFilter::current() || local::is_suppressed() {
        return;
    }
    let Failure {
        class, description, ..
    } = failure;
    // The text that the error type declares as safe.
    let text = description.as_deref();
    let _guard = context.cloned().and_then(local::attach);
    let metadata = Site::of(operation, level).metadata();
    if !dispatcher::get_default(|dispatch| dispatch.enabled(metadata)) {
        return;
    }
    let names = metadata.fields();
    let mut fields = names.iter();
    let (Some(message), Some(error_type), Some(error_message)) =
        (fields.next(), fields.next(), fields.next())
    else {
        return;
    };
    let emit = |body: fmt::Arguments<'_>| {
        let values = [
            (&message, Some(&body as &dyn Value)),
            (&error_type, Some(class as &dyn Value)),
            (&error_message, text.as_ref().map(|text| text as &dyn Value)),
        ];
        Event::dispatch(metadata, &names.value_set(&values));
    };
    emit(format_args!("operation `{}` failed", operation.name));
}

/// Returns the level of `tracing` for a severity. `tracing` has no `fatal`.
fn level(severity: Severity) -> Level {
    match severity {
        Severity::Trace => Level::TRACE,
        Severity::Debug => Level::DEBUG,
        Severity::Info => Level::INFO,
        Severity::Warn => Level::WARN,
        Severity::Error | Severity::Fatal => Level::ERROR,
    }
}

/// Callsite of the failures of one operation at one level, which `tracing` requires. It is created at the first failure
/// and never freed, because subscribers keep references to it.
struct Site {
    metadata: OnceLock<Metadata<'static>>,
    operation: &'static OperationDefinition,
    level: Level,
}

type Sites = HashMap<(usize, Level), &'static Site>;

impl Site {
    fn of(operation: &'static OperationDefinition, level: Level) -> &'static Self {
        static SITES: RwLock<Option<Sites>> = RwLock::new(None);
        let key = (std::ptr::from_ref(operation).addr(), level);
        let readable = SITES.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(site) = readable.as_ref().and_then(|sites| sites.get(&key)) {
            return site;
        }
        drop(readable);
        let mut sites = SITES.write().unwrap_or_else(PoisonError::into_inner);
        let sites = sites.get_or_insert_default();
        if let Some(site) = sites.get(&key) {
            return site;
        }
        let site: &'static Self = Box::leak(Box::new(Self {
            metadata: OnceLock::new(),
            operation,
            level,
        }));
        sites.insert(key, site);
        site
    }

    fn metadata(&'static self) -> &'static Metadata<'static> {
        if let Some(metadata) = self.metadata.get() {
            return metadata;
        }
        let name: &'static str = Box::leak(format!("{}.error", self.operation.name).into());
        let fields = FieldSet::new(FIELDS, Identifier(self));
        let new = Metadata::new(
            name,
            self.operation.contract.name,
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
    /// Does not cache the interest: failures are rare, so subscribers are asked each time.
    fn set_interest(&self, _: Interest) {}

    fn metadata(&self) -> &Metadata<'_> {
        self.metadata
            .get()
            .expect("a site is registered after its metadata is set")
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Site").field(&self.operation.name).finish()
    }
}
